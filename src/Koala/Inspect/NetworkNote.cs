using Koalarization.Dataset;

namespace Koalarization.Koala.Inspect;

/// <summary>What the folder's plan says about a record's network: a record itself does not tell whether its weights were random.</summary>
internal static class NetworkNote
{
    public static string? Of(string recordPath)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(recordPath))!;
        if (!RecordName.TryParse(Path.GetFileName(recordPath), out _) || BatchPlan.Read(folder) is not BatchPlan plan)
        {
            return null;
        }

        RecordParameters parameters = plan.Parameters;
        string weights = parameters.Weights.StartsWith("random:", StringComparison.Ordinal) ? $"{parameters.Weights} (RANDOM weights, not for training)"
            : parameters.Weights == "simulated" ? "simulated (made-up logits, not for training)"
            : "sha256:" + parameters.Weights[..12];
        return $"{weights} {parameters.Precision}";
    }
}
