using Koalarization.Dataset.Wording;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.LabBatch;

/// <summary>The totals of <c>lab-batch</c>.</summary>
/// <param name="Pictures">Pictures in the plan.</param>
/// <param name="Written">Pictures written by this run.</param>
/// <param name="AlreadyThere">Pictures in records that an earlier run finished.</param>
/// <param name="LeftOut">Pictures that no record has, by this run or an earlier one.</param>
/// <param name="NotPlanned">Pictures added to the folder after its plan was fixed.</param>
internal sealed record LabBatchDone(
    string Output, int Records, long Pictures, long Written, long AlreadyThere, long LeftOut, long NotPlanned, string Weights, bool RandomWeights,
    string Precision, string Device, double Seconds, double PicturesPerSecond)
    : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string existing = AlreadyThere > 0 ? $", {AlreadyThere:N0} already existed" : "";
            string left = LeftOut > 0 ? $", {LeftOut:N0} left out" : "";
            string later = NotPlanned > 0
                ? $" {Amount.Of(NotPlanned, "picture")} added to the folder later {Amount.Noun(NotPlanned, "is", "are")} in no record; --append writes what came later into new ones."
                : "";
            string random = RandomWeights ? " The network's weights are RANDOM: for trials, not for training." : "";
            return $"Wrote {Written:N0} of {Amount.Of(Pictures, "picture")} into {Amount.Of(Records, "record")} in {Output} " +
                $"in {Durations.Format(TimeSpan.FromSeconds(Seconds))} ({PicturesPerSecond:N1}/s){existing}{left}.{later}{random}";
        }
    }
}

/// <summary>A record is published.</summary>
internal sealed record RecordWritten(string Record, int Pictures, long Bytes, string Sha256) : ReportEvent
{
    public override string Sentence => $"{Record}: {Amount.Of(Pictures, "picture")}, {Sizes.Format(Bytes)}";
}

/// <summary>A picture is in a record, which is not published yet.</summary>
internal sealed record PictureWritten(string Name, string Record) : ReportEvent
{
    public override string Sentence => $"written {Shown(Name)}";
}
