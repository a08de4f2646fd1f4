using Koalarization.Dataset.Composition;
using Koalarization.Harvest.Fetching;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Pipeline.Links;

/// <summary>The outcomes of links whose picture cannot be used.</summary>
internal static class PictureOutcomes
{
    /// <summary>The outcome of a picture that the decoder refused: the one with the fault's name.</summary>
    public static FetchOutcomeKind Outcome(this PictureRefusal refusal) =>
        FetchOutcomeNames.TryParse(refusal.Fault.WireName(), out FetchOutcomeKind outcome)
            ? outcome
            : throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Fault, "This fault has no outcome.");
}
