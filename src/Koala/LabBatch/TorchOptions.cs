using System.CommandLine;
using System.CommandLine.Parsing;
using Koalarization.Inception.Devices;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.LabBatch;

/// <summary>The options of the device and of the libtorch that drives it.</summary>
internal sealed class TorchOptions
{
    private readonly Option<IReadOnlyList<EmbedDevice>> _device = new("--device")
    {
        Description = "cpu, cuda, cuda:INDEX, several as in cuda:0,cuda:1, or cuda:all; for trials, simulated[:PICTURES_PER_SECOND]",
        HelpName = "DEVICE",
        Arity = ArgumentArity.ExactlyOne,
        DefaultValueFactory = _ => [EmbedDevice.Cpu],
        CustomParser = ParseDevices,
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

    /// <summary>Whether a device is named.</summary>
    public bool IsDeviceGiven(ParseResult arguments) => arguments.IsGiven(_device);

    /// <summary>The devices that are named, or, where none is, an earlier run's; all of one kind. Their libtorch is used.</summary>
    public IReadOnlyList<EmbedDevice> Devices(ParseResult arguments, EmbedDevice? earlier = null)
    {
        Use(arguments, _libTorch);
        return arguments.IsGiven(_device) || earlier is null ? arguments.GetRequiredValue(_device) : [earlier];
    }

    private static IReadOnlyList<EmbedDevice>? ParseDevices(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        try
        {
            return EmbedDevice.ParseList(text);
        }
        catch (FormatException exception) when (text.Contains(',', StringComparison.Ordinal))
        {
            result.AddError(exception.Message);
        }
        catch (FormatException)
        {
            string? meant = text is "gpu" or "nvidia" ? "cuda" : NearestWord.To(text, ["cpu", "cuda", "simulated"]);
            result.AddError($"'{text}' is not a device; use cpu, cuda, cuda:INDEX, cuda:all or simulated[:PICTURES_PER_SECOND]{(meant is null ? "." : $"; did you mean {meant}?")}");
        }

        return null;
    }
}
