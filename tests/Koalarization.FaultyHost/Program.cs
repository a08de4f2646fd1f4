using Koalarization.FaultyHost;
using Koalarization.Imaging;
using Koalarization.Koala.Commands;

// The program itself, with two parts that fail on demand.
var parts = new KoalaParts
{
    Codec = () => new KillingCodec(JpegCodecs.Default),
    Resolver = Environment.GetEnvironmentVariable("KOALA_TEST_RESOLVER") is string state ? new SwitchedResolver(state) : null,
};
return await CommandLine.RunAsync(KoalaProgram.Create(TimeProvider.System, parts), args);
