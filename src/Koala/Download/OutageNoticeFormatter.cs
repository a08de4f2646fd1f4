using System.Globalization;
using Koalarization.Dataset.Wording;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Outages;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Download;

/// <summary>Reports notices about the network and hosts while links are fetched, one sentence each.</summary>
/// <param name="reporter">Receives the sentences.</param>
/// <param name="verbose">Whether all notices about hosts are reported; otherwise the first of each kind, for a few hosts.</param>
internal sealed class OutageNoticeFormatter(IReporter reporter, bool verbose)
{
    private const int MaxHosts = 10;

    private readonly HashSet<LinkHost> _paused = [];
    private readonly HashSet<LinkHost> _givenUp = [];

    /// <summary>Reports a notice. Not thread-safe.</summary>
    public void Report(OutageNotice notice)
    {
        try
        {
            if (SentenceFor(notice) is { } sentence)
            {
                reporter.Report(new Note(sentence));
            }
        }
        catch (IOException)
        {
            // The next report of the work fails too, and that ends the command.
        }
    }

    internal static string SentenceOf(NetworkLost lost)
    {
        string broken = lost.Fault == NetworkFault.Names ? "Name lookups fail" : "Connections fail";
        string links = Amount.Of(lost.Links, "link");
        return lost.Probed > 0
            ? $"{broken}: {links} affected, and known hosts do not answer. Fetching is paused until the network is back; these links are retried then."
            : $"{broken}: {links} affected, and no host has answered yet. Fetching is paused until the network is back; if only these links are dead, "
                + "restart with --probe URL, a page that answers.";
    }

    internal static string SentenceOf(NetworkBack back) =>
        $"The network is back after {Durations.Format(back.Waited)}; fetching resumes.";

    internal static string SentenceOf(HostGivenUp given) =>
        $"{given.Host} refuses every request: its links are recorded as failed, {given.Links.ToString("N0", CultureInfo.InvariantCulture)} so far; "
            + "retry them later with koala run --retry-failed.";

    private string? SentenceFor(OutageNotice notice) => notice switch
    {
        NetworkLost lost => SentenceOf(lost),
        NetworkBack back => SentenceOf(back),
        HostsConfirmedDead silence =>
            $"Still no answer after {Durations.Format(silence.Waited)}, but only a few hosts are affected: their links are recorded as failed, and fetching resumes.",
        HostGivenUp given when ShouldReport(given.Host, _givenUp) => SentenceOf(given),
        HostPaused paused when ShouldReport(paused.Host, _paused) => $"{paused.Host} is rate-limiting; pausing for {Durations.Format(paused.Pause)}{Then(paused)}.",
        MachineLimitReached reached =>
            $"Links wait: {reached.Limit}. They are tried again, and none of them is blamed; fetch fewer at once (--parallel), or raise the limit (ulimit -n).",
        ProxyFailed failed => $"Links wait: {failed.Fault}. They are tried again, and none of them is blamed; mend the proxy, or name another (--proxy).",
        _ => null,
    };

    private static string Then(HostPaused paused) => paused.MaxInFlight switch
    {
        null => "",
        1 => ", then one link at a time",
        int limit => $", then {limit} links at once",
    };

    private bool ShouldReport(LinkHost host, HashSet<LinkHost> reported) => verbose || (reported.Count < MaxHosts && reported.Add(host));
}
