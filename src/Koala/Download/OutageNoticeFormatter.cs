using System.Globalization;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Outages;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Download;

/// <summary>Says in a sentence each what a user should know of the network while links are fetched.</summary>
/// <param name="reporter">Where it is said.</param>
/// <param name="verbose">Whether all that is said of hosts is passed on; else the first of a kind, of few hosts.</param>
internal sealed class OutageNoticeFormatter(IReporter reporter, bool verbose)
{
    private const int HostsNamed = 10;

    private readonly HashSet<LinkHost> _named = [];
    private readonly HashSet<LinkHost> _givenUp = [];

    /// <summary>One call at a time.</summary>
    public void Say(OutageNotice notice)
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
            // What the work itself says fails likewise, and that ends the command.
        }
    }

    internal static string SentenceOf(NetworkLost lost)
    {
        string broken = lost.Fault == NetworkFault.Names ? "Names cannot be looked up" : "Nothing can be connected to";
        string links = string.Create(CultureInfo.InvariantCulture, $"{lost.Links:N0} {(lost.Links == 1 ? "link" : "links")}");
        return lost.Probed > 0
            ? $"{broken}: {links} failed so, and hosts that should answer do not. Fetching waits for the network; these links are tried again then."
            : $"{broken}: {links} failed so, and no host has answered yet. Fetching waits for the network; if only these links are dead, "
                + "start again with --probe URL, a page that answers.";
    }

    internal static string SentenceOf(NetworkBack back) =>
        $"The network is back after {Durations.InWords(back.Waited)}. Fetching goes on.";

    internal static string SentenceOf(HostGivenUp given) =>
        $"{given.Host} refuses everything: its links end as failures now, {given.Links.ToString("N0", CultureInfo.InvariantCulture)} so far; "
            + "a later koala run with --retry-failed tries them again.";

    private string? SentenceFor(OutageNotice notice) => notice switch
    {
        NetworkLost lost => SentenceOf(lost),
        NetworkBack back => SentenceOf(back),
        HostsConfirmedDead silence =>
            $"Still no answer after {Durations.InWords(silence.Waited)}, but it is few hosts that were asked: their links are taken for dead, and fetching goes on.",
        HostGivenUp given when IsToBeSaid(given.Host, _givenUp) => SentenceOf(given),
        HostPaused paused when IsToBeSaid(paused.Host, _named) => $"{paused.Host} asks for less: nothing is fetched from it for {Durations.InWords(paused.Pause)}{Then(paused)}.",
        _ => null,
    };

    private static string Then(HostPaused paused) => paused.MaxInFlight switch
    {
        null => "",
        1 => ", then one link at a time",
        int places => $", then {places} links at once",
    };

    private bool IsToBeSaid(LinkHost host, HashSet<LinkHost> named) => verbose || (named.Count < HostsNamed && named.Add(host));
}
