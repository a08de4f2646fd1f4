using Koalarization.Inception.Labels;

namespace Koalarization.Koala.Inspect;

/// <summary>Names the logits of a record: by class names when the user gave some.</summary>
internal sealed class LogitNames(ImageNetLabels? labels)
{
    private const int Shown = 5;

    /// <summary>The largest logits, in descending order.</summary>
    public IReadOnlyList<NamedLogit> Largest(ReadOnlySpan<float> logits)
    {
        float[] values = logits.ToArray();
        int[] order = [.. Enumerable.Range(0, values.Length)];
        double[] probabilities = Softmax(values);
        Array.Sort(order, (x, y) => values[y].CompareTo(values[x]) is var by and not 0 ? by : x.CompareTo(y));
        return [.. order.Take(Shown).Select(logit => new NamedLogit(logit, NameOf(logit), values[logit], probabilities[logit]))];
    }

    // Over the largest logit, so that no exponential is too large.
    private static double[] Softmax(float[] logits)
    {
        double largest = logits.Length == 0 ? 0 : logits.Max();
        double[] parts = [.. logits.Select(logit => Math.Exp(logit - largest))];
        double sum = parts.Sum();
        return [.. parts.Select(part => part / sum)];
    }

    private string NameOf(int logit) => labels?.NameOf(logit) ?? (logit == 0 ? "background" : $"class {logit}");
}

/// <summary>One logit of a picture, with the name of its class.</summary>
/// <param name="Probability">Its softmax over all logits.</param>
internal readonly record struct NamedLogit(int Logit, string Name, float Value, double Probability);
