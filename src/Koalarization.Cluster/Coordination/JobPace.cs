using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Coordination;

/// <summary>How fast a job goes, and when it will be done, from one status of it after another. Not thread-safe.</summary>
/// <param name="time">The clock.</param>
internal sealed class JobPace(TimeProvider time)
{
    // The share of links with a picture is known when so many are through: a hundred, or a tenth of a short list.
    private const long LinksOfEstimate = 100;

    private readonly RateWindow _links = new(time);
    private readonly RateWindow _resized = new(time);
    private readonly RateWindow _pictures = new(time);

    /// <summary>Links that are fetched a second; null: not known.</summary>
    public double? LinksPerSecond => Rounded(_links.PerSecond);

    /// <summary>Pictures that are resized a second; null: not known.</summary>
    public double? ResizedPerSecond => Rounded(_resized.PerSecond);

    /// <summary>Pictures a second that come into records; null: not known.</summary>
    public double? PicturesPerSecond => Rounded(_pictures.PerSecond);

    /// <summary>The pictures that the job will have, once that is certain.</summary>
    public long? Total { get; private set; }

    /// <summary>Before that an estimate, as soon as there is one.</summary>
    public long? Expected { get; private set; }

    /// <summary>Seconds until it is done; null: not known well.</summary>
    public double? SecondsLeft { get; private set; }

    /// <summary>Takes the job as it is now.</summary>
    public void Add(JobsProtocol.JobStatus status)
    {
        _links.Add(status.Resolved);
        _resized.Add(status.Survivors);
        _pictures.Add(status.Pictures);
        bool isResolved = status.Links > 0 && status.Survivors + status.Failed == status.Links;
        Total = isResolved ? status.Survivors : null;
        Expected = isResolved ? null : ExpectedPictures(status);
        SecondsLeft = SecondsUntil(status);
    }

    private static double? Rounded(double? perSecond) => perSecond is double rate ? Math.Round(rate, 1) : null;

    // Two digits are what such an estimate is worth; it is never less than what is certain.
    private static long? ExpectedPictures(JobsProtocol.JobStatus status)
    {
        long ended = status.Survivors + status.Failed;
        if (ended == 0 || ended < Math.Min(LinksOfEstimate, Math.Max(1, status.Links / 10)))
        {
            return null;
        }

        double expected = (double)status.Survivors / ended * status.Links;
        double unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(1, expected))) - 1));
        return Math.Clamp((long)(Math.Round(expected / unit) * unit), status.Survivors, status.Links - status.Failed);
    }

    // The parts of the work go on side by side: the slowest decides.
    private double? SecondsUntil(JobsProtocol.JobStatus status)
    {
        double? links = _links.SecondsFor(status.Links - status.Resolved);
        double? records = (status.Until ?? JobEnd.Records) != JobEnd.Records ? 0
            : (Total ?? Expected) is long pictures ? _pictures.SecondsFor(Math.Max(0, pictures - status.Pictures))
            : null;
        return links is double first && records is double second && Math.Max(first, second) is > 0 and double seconds ? Math.Round(seconds) : null;
    }
}
