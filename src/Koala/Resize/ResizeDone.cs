using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Resize;

/// <summary>What <c>resize</c> did.</summary>
/// <param name="Pictures">Pictures in the source folder.</param>
/// <param name="Resized">Written by this run.</param>
/// <param name="AlreadyThere">Found in the output folder, and left as they are.</param>
/// <param name="LeftOut">Refused, each named before.</param>
internal sealed record ResizeDone(string Output, int Width, int Height, long Pictures, long Resized, long AlreadyThere, long LeftOut, double Seconds)
    : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string there = AlreadyThere > 0 ? $", {AlreadyThere:N0} were there already" : "";
            string left = LeftOut > 0 ? $", {LeftOut:N0} left out" : "";
            return $"Resized {Resized:N0} of {Pictures:N0} pictures to {Width}x{Height} in {Output} " +
                $"in {Durations.InWords(TimeSpan.FromSeconds(Seconds))}{there}{left}.";
        }
    }
}
