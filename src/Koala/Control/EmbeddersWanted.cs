using Koalarization.Cluster.Coordination;
using Koalarization.Dataset.Wording;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Control;

/// <summary>How many embedders are of use now: what starts and ends them goes by it.</summary>
/// <param name="Wanted">Embedders that are of use.</param>
/// <param name="Records">Records that could be written by now, and are not.</param>
/// <param name="Pictures">Pictures of these without logits.</param>
/// <param name="Embedders">Embedders that are there.</param>
/// <param name="Opening">Jobs that are being opened: what they need is not known yet.</param>
internal sealed record EmbeddersWanted(long Wanted, int Records, long Pictures, int Embedders, int Opening) : ReportEvent
{
    public override string Sentence =>
        $"{Amount.Of(Wanted, "embedder")} wanted, {Embedders:N0} there: {(Records == 0 ? "no record waits" : $"{Amount.Of(Records, "record")} with {Amount.Of(Pictures, "picture")} {(Records == 1 ? "waits" : "wait")}")}"
        + (Opening == 0 ? "." : $", and {Amount.Of(Opening, "job")} {(Opening == 1 ? "is" : "are")} being opened.");

    public static EmbeddersWanted Of(JobsProtocol.EmbedDemand demand, int? picturesPerEmbedder) => new(
        demand.Wanted(picturesPerEmbedder ?? JobsProtocol.EmbedDemand.DefaultPicturesPerEmbedder), demand.Records, demand.Pictures, demand.Embedders, demand.Opening);
}
