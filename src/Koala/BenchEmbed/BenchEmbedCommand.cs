using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Koalarization.Imaging.Jpeg;
using Koalarization.Inception;
using Koalarization.Inception.Devices;
using Koalarization.Koala.Commands;
using Koalarization.Koala.LabBatch;
using Koalarization.Koala.Lifetime;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.BenchEmbed;

/// <summary><c>koala bench-embed [RESIZED_DIR]</c>: how fast and how exact the network is on a device.</summary>
internal sealed class BenchEmbedCommand : KoalaCommand
{
    private const int PicturesCompared = 32;

    private readonly Argument<string?> _pictures = new("RESIZED_DIR")
    {
        Description = "Folder of resized pictures, each 299x299 (default: made-up ones)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly TorchOptions _torch = new();
    private readonly WeightsOptions _weights = new("random:0", "random:0, which is as fast");

    private readonly Option<EmbedPrecision[]> _precisions = new("--precision")
    {
        Description = "Precisions to measure, such as fp32,fp16 (default: all that the device has)",
        HelpName = "LIST",
        CustomParser = result => Parsed<EmbedPrecision>(
            result,
            static text => Enum.TryParse(text, ignoreCase: true, out EmbedPrecision precision) && !int.TryParse(text, out _) ? precision : null,
            "--precision is a list of fp32, tf32, bf16 and fp16"),
    };

    private readonly Option<int[]> _batches = new("--batch")
    {
        Description = "Pictures per batch to measure, such as 32,128 (default: 32,64,128,256 on a GPU, 8 per core on a CPU)",
        HelpName = "LIST",
        CustomParser = result => Parsed<int>(
            result,
            static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 1024 ? number : null,
            "--batch is a list of numbers from 1 to 1024"),
    };

    private readonly Option<double> _seconds = new Option<double>("--seconds")
    {
        Description = "How long to measure each",
        HelpName = "S",
        DefaultValueFactory = _ => 3,
    }.Number<double>(static seconds => seconds is >= 0.1 and <= 3600, "0.1 to 3600 seconds");

    public BenchEmbedCommand(TimeProvider time)
        : base("bench-embed", "Measure the network on a device: pictures a second, difference from fp32 on the CPU, memory, and how much decoding feeds it", time)
    {
        Add(_pictures);
        _torch.AddTo(this);
        Add(_precisions);
        Add(_batches);
        Add(_seconds);
        _weights.AddTo(this);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala bench-embed",
        "koala bench-embed data/resized --device cuda -c data/inception_resnet_v2_2016_08_30.ckpt",
        "koala bench-embed --device cuda --libtorch venv/lib/python3.12/site-packages/torch/lib --precision fp16 --batch 64,128",
    ];

    protected override int OpenFilesNeeded => OpenFiles.ForPictures;

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        if (_torch.Devices(arguments) is not [var device] || device == EmbedDevice.AllGpus)
        {
            throw new UserErrorException("bench-embed measures one device at a time; name one, such as --device cuda:0.", ExitCode.UsageError);
        }

        if (device.Kind == EmbedDeviceKind.Simulated)
        {
            throw new UserErrorException("a simulated device has no speed of its own; measure cpu or cuda.", ExitCode.UsageError);
        }

        FoundWeights found = await _weights.FindAsync(_weights.Named(arguments, earlier: null), arguments, reporter, Time, cancellation);
        using (found.Checkpoint)
        {
            DeviceReport machine = Embedders.Probe();
            EmbedPrecision[] precisions = arguments.GetValue(_precisions) is { Length: > 0 } named ? named : PrecisionsOf(device, machine);
            int[] batches = arguments.GetValue(_batches) is { Length: > 0 } sizes
                ? sizes
                : device.Kind == EmbedDeviceKind.Cuda ? [32, 64, 128, 256] : [Embedders.BatchSizeOf(new EmbedderOptions(device))];
            IJpegCodec codec = CodecChoice.Choose(reporter);
            string name = device.Kind == EmbedDeviceKind.Cuda && device.Index < machine.CudaDevices.Count
                ? $"{device} {machine.CudaDevices[device.Index].Name}"
                : $"{device} {machine.Cpu}, {Environment.ProcessorCount} cores";
            reporter.Result(new BenchEmbedMachine(name, machine.TorchVersion ?? "", LibTorch.Folder, found.Source));

            BenchPictures pictures = BenchPictures.Of(arguments.GetValue(_pictures), codec, Math.Max(PicturesCompared, batches.Max()), Time);
            var bench = new EmbedBench(found.Weights, device, pictures, TimeSpan.FromSeconds(arguments.GetValue(_seconds)), Time);
            float[] exact = await bench.LogitsAsync(new EmbedderOptions(EmbedDevice.Cpu), PicturesCompared, cancellation);
            EmbedMeasured? best = null;
            foreach (EmbedPrecision precision in precisions)
            {
                foreach (int batch in batches)
                {
                    EmbedMeasured measured = await bench.MeasureAsync(precision, batch, exact, cancellation);
                    reporter.Result(measured);
                    best = best is null || measured.PicturesPerSecond > best.PicturesPerSecond ? measured : best;
                }
            }

            if (best is { PicturesPerSecond: > 0 })
            {
                reporter.Result(new BenchEmbedDone(
                    best.Precision, best.Batch, best.PicturesPerSecond, pictures.DecodingMilliseconds, best.PicturesPerSecond * pictures.DecodingMilliseconds / 1000));
            }
        }

        return ExitCode.Done;
    }

    private static EmbedPrecision[] PrecisionsOf(EmbedDevice device, DeviceReport machine) => device.Kind switch
    {
        EmbedDeviceKind.Cpu => machine.HasCpuBf16 ? [EmbedPrecision.Fp32, EmbedPrecision.Bf16] : [EmbedPrecision.Fp32],
        _ when device.Index < machine.CudaDevices.Count && machine.CudaDevices[device.Index].HasBf16
            => [EmbedPrecision.Fp32, EmbedPrecision.Tf32, EmbedPrecision.Bf16, EmbedPrecision.Fp16],
        _ => [EmbedPrecision.Fp32, EmbedPrecision.Fp16],
    };

    private static T[]? Parsed<T>(ArgumentResult result, Func<string, T?> parse, string rule)
        where T : struct
    {
        string text = result.Tokens[0].Value;
        T?[] values = [.. text.Split(',').Select(part => parse(part.Trim()))];
        if (Array.TrueForAll(values, value => value is not null))
        {
            return [.. values.Select(value => value!.Value)];
        }

        result.AddError($"{rule}, with commas between them, not '{text}'.");
        return null;
    }
}
