using System.Text;
using Koalarization.Dataset.Wording;
using Koalarization.Koala.Download;
using Koalarization.Koala.Reporting;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Run;

/// <summary>The totals of a data set after a run.</summary>
/// <param name="Links">Links of the data set, each name once.</param>
/// <param name="Kept">Links with a picture.</param>
/// <param name="Failed">Links without one, by outcome.</param>
/// <param name="Records">Records of the set.</param>
/// <param name="Processed">Links that this run resolved, plus pictures that it wrote into records.</param>
/// <param name="LeftOut">Pictures that no record has.</param>
internal sealed record RunDone(
    string Data, JobEnd Until, long Links, long Kept, IReadOnlyDictionary<string, long> Failed, long Records, long LeftOut, long Processed, double Seconds)
    : ReportEvent
{
    public override string Sentence
    {
        get
        {
            var text = new StringBuilder();
            string records = Until == JobEnd.Records ? $" in {Amount.Of(Records, "record")}" : "";
            string took = Processed > 0 ? $" (in {Durations.Format(TimeSpan.FromSeconds(Seconds))})" : " (nothing to do)";
            text.Append($"{Data} has {Amount.Of(Kept, "picture")} of {Amount.Of(Links, "link")}{records}{took}.");
            foreach ((string outcome, long count) in Failed.OrderByDescending(failed => failed.Value))
            {
                text.Append($"\n  {count,9:N0} {outcome}");
            }

            if (LeftOut > 0)
            {
                text.Append($"\n  {LeftOut,9:N0} {Amount.Noun(LeftOut, "picture is", "pictures are")} in no record");
            }

            // A round that is fetched and not resized is not begun again.
            string again = Until == JobEnd.Download ? "run it without --until download and with" : "run the same command with";
            if (RefusedAddresses.HintFor(Failed, again) is string hint)
            {
                text.Append($"\n  {hint}");
            }

            if (Failed.Count > 0)
            {
                text.Append($"\n  koala failures {Data} shows why; --retry-failed retries these links.");
            }

            return text.ToString();
        }
    }
}
