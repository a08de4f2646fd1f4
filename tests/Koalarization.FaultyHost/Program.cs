using Koalarization.FaultyHost;
using Koalarization.Imaging.Jpeg;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Lifetime;

// The program itself, with parts that fail on demand.
var parts = new KoalaServices
{
    Codec = () => Environment.GetEnvironmentVariable("KOALA_TEST_CODEC") == "other" ? JpegCodecs.Skia : new KillingCodec(JpegCodecs.Default),
    Resolver = Environment.GetEnvironmentVariable("KOALA_TEST_RESOLVER") is string state ? new SwitchedResolver(state) : null,
    Device = device => int.TryParse(Environment.GetEnvironmentVariable("KOALA_TEST_DEVICE_BATCHES"), out int batches) ? new FailingDevice(device, batches) : device,
    BeforeName = HeldNames.FromEnvironment(),
    Started = Environment.GetEnvironmentVariable("KOALA_TEST_DELAY") is string delays ? system => Delays.Start(system, delays) : null,
};
await Start.RunAsync(() => CommandLine.RunAsync(KoalaProgram.Create(TimeProvider.System, parts), args));
