using Koalarization.Dataset.Wording;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Resize;

/// <summary>The totals of <c>resize</c>.</summary>
/// <param name="Pictures">Pictures in the source folder.</param>
/// <param name="Resized">Written by this run.</param>
/// <param name="AlreadyThere">Found in the output folder and kept.</param>
/// <param name="LeftOut">Refused; each was reported.</param>
internal sealed record ResizeDone(string Output, int Width, int Height, long Pictures, long Resized, long AlreadyThere, long LeftOut, double Seconds)
    : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string existing = AlreadyThere > 0 ? $", {AlreadyThere:N0} already existed" : "";
            string left = LeftOut > 0 ? $", {LeftOut:N0} left out" : "";
            return $"Resized {Resized:N0} of {Amount.Of(Pictures, "picture")} to {Width}x{Height} in {Output} " +
                $"in {Durations.Format(TimeSpan.FromSeconds(Seconds))}{existing}{left}.";
        }
    }
}
