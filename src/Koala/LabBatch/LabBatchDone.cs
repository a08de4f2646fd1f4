using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.LabBatch;

/// <summary>What <c>lab-batch</c> did.</summary>
/// <param name="Pictures">Pictures in the plan.</param>
/// <param name="Written">Pictures written by this run.</param>
/// <param name="AlreadyThere">Pictures in records that an earlier run finished.</param>
/// <param name="LeftOut">Pictures that no record has, by this run or an earlier one.</param>
/// <param name="NotPlanned">Pictures that came into the folder after its plan was fixed.</param>
internal sealed record LabBatchDone(
    string Output, int Records, long Pictures, long Written, long AlreadyThere, long LeftOut, long NotPlanned, string Weights, bool RandomWeights,
    string Precision, string Device, double Seconds, double PicturesPerSecond)
    : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string there = AlreadyThere > 0 ? $", {AlreadyThere:N0} were there already" : "";
            string left = LeftOut > 0 ? $", {LeftOut:N0} left out" : "";
            string later = NotPlanned > 0
                ? $" {NotPlanned:N0} pictures came into the folder after its list was fixed and are in no record; --append puts them into new ones."
                : "";
            string random = RandomWeights ? " The network's weights are RANDOM: good for trying, not for training." : "";
            return $"Wrote {Written:N0} of {Pictures:N0} pictures into {Records:N0} records in {Output} " +
                $"in {Durations.InWords(TimeSpan.FromSeconds(Seconds))} ({PicturesPerSecond:N1}/s){there}{left}.{later}{random}";
        }
    }
}
