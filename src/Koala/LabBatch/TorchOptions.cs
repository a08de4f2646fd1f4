using System.CommandLine;
using System.CommandLine.Parsing;
using Koalarization.Inception.Devices;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.LabBatch;

/// <summary>The options of the device and of the libtorch that drives it.</summary>
internal sealed class TorchOptions
{
    private readonly Option<EmbedDevice> _device = new("--device")
    {
        Description = "cpu, cuda or cuda:INDEX; for trials, simulated[:PICTURES_PER_SECOND]",
        HelpName = "DEVICE",
        DefaultValueFactory = _ => EmbedDevice.Cpu,
        CustomParser = ParseDevice,
    };

    private readonly Option<string?> _libTorch = LibTorchOption();

    public void AddTo(Command command)
    {
        command.Add(_device);
        command.Add(_libTorch);
    }

    /// <summary>An option that names a libtorch.</summary>
    public static Option<string?> LibTorchOption() => new("--libtorch")
    {
        Description = $"Folder of another libtorch, such as the torch/lib of a PyTorch for CUDA (default: {LibTorch.FolderVariable}, else the program's own)",
        HelpName = "DIR",
    };

    /// <summary>Uses the libtorch that an option names.</summary>
    public static void Use(ParseResult arguments, Option<string?> libTorch)
    {
        if (arguments.GetValue(libTorch) is string folder)
        {
            LibTorch.UseFolder(Path.GetFullPath(folder));
        }
    }

    /// <summary>The device that is named, or, where none is, an earlier run's; and its libtorch is used.</summary>
    public EmbedDevice Device(ParseResult arguments, EmbedDevice? earlier = null)
    {
        Use(arguments, _libTorch);
        return arguments.IsGiven(_device) || earlier is null ? arguments.GetRequiredValue(_device) : earlier;
    }

    private static EmbedDevice? ParseDevice(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (EmbedDevice.TryParse(text, out EmbedDevice? device))
        {
            return device;
        }

        string? meant = text is "gpu" or "nvidia" ? "cuda" : NearestWord.To(text, ["cpu", "cuda", "simulated"]);
        result.AddError($"'{text}' is not a device; use cpu, cuda, cuda:INDEX or simulated[:PICTURES_PER_SECOND]{(meant is null ? "." : $"; did you mean {meant}?")}");
        return null;
    }
}
