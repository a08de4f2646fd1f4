using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Koalarization.Inception.Devices;

/// <summary>Where the network runs, as the user names it.</summary>
public sealed record EmbedDevice
{
    private const double DefaultPicturesPerSecond = 100;

    private EmbedDevice(EmbedDeviceKind kind, int index, double picturesPerSecond)
        => (Kind, Index, PicturesPerSecond) = (kind, index, picturesPerSecond);

    /// <summary>The processor's cores.</summary>
    public static EmbedDevice Cpu { get; } = new(EmbedDeviceKind.Cpu, 0, 0);

    /// <summary>What sort of device.</summary>
    public EmbedDeviceKind Kind { get; }

    /// <summary>Which of several GPUs, from 0.</summary>
    public int Index { get; }

    /// <summary>The simulated device's rate.</summary>
    public double PicturesPerSecond { get; }

    /// <summary>One GPU.</summary>
    public static EmbedDevice Cuda(int index) => new(EmbedDeviceKind.Cuda, index, 0);

    /// <summary>No network at all: waits and makes numbers up from the pictures' names.</summary>
    public static EmbedDevice Simulated(double picturesPerSecond = DefaultPicturesPerSecond)
        => new(EmbedDeviceKind.Simulated, 0, picturesPerSecond);

    /// <summary>All GPUs of the machine, <c>cuda:all</c>, until <see cref="Embedders.Each"/> has counted them.</summary>
    public static EmbedDevice AllGpus { get; } = new(EmbedDeviceKind.Cuda, -1, 0);

    /// <summary>Reads devices of one kind with commas between them: <c>cuda:0,cuda:1</c>, or <c>cuda:all</c>. A GPU is named once; the processor is one device.</summary>
    /// <exception cref="FormatException">It is no such list; the message says what would be.</exception>
    public static IReadOnlyList<EmbedDevice> ParseList(string text)
    {
        if (text == AllGpus.ToString())
        {
            return [AllGpus];
        }

        EmbedDevice[] devices = [.. text.Split(',').Select(Parse)];
        if (devices.Length > 1)
        {
            if (Array.Exists(devices, device => device.Kind != devices[0].Kind))
            {
                throw new FormatException($"'{text}' names devices of two kinds, which give different numbers: name GPUs alone, such as cuda:0,cuda:1.");
            }

            if (devices[0].Kind != EmbedDeviceKind.Simulated && devices.CountBy(device => device.Index).FirstOrDefault(count => count.Value > 1) is { Value: > 1 } twice)
            {
                throw new FormatException($"'{text}' names {devices.First(device => device.Index == twice.Key)} twice.");
            }
        }

        return devices;
    }

    /// <summary>Reads <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, <c>simulated</c> or <c>simulated:RATE</c> (pictures a second).</summary>
    /// <exception cref="FormatException">It is none of these; the message says what would be.</exception>
    public static EmbedDevice Parse(string text)
        => TryParse(text, out EmbedDevice? device)
            ? device
            : throw new FormatException(
                $"'{text}' is no device: give cpu, cuda, cuda:INDEX, simulated or simulated:PICTURES_PER_SECOND.");

    /// <summary><see cref="Parse"/> without the exception.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EmbedDevice? device)
    {
        string[] parts = text?.Split(':') ?? [];
        device = parts switch
        {
            ["cpu"] => Cpu,
            ["cuda"] => Cuda(0),
            ["cuda", var index] when int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < 256
                => Cuda(number),
            ["simulated"] => Simulated(),
            ["simulated", var rate] when double.TryParse(rate, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                && number is > 0 and <= 1e9 => Simulated(number),
            _ => null,
        };
        return device is not null;
    }

    /// <summary>The name that <see cref="Parse"/> reads, with a GPU's index and without a rate: what an identity says.</summary>
    public override string ToString() => Kind switch
    {
        EmbedDeviceKind.Cuda when Index < 0 => "cuda:all",
        EmbedDeviceKind.Cuda => string.Create(CultureInfo.InvariantCulture, $"cuda:{Index}"),
        EmbedDeviceKind.Simulated => "simulated",
        _ => "cpu",
    };
}
