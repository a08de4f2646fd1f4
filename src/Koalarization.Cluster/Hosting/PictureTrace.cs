using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Koalarization.Cluster.Hosting;

/// <summary>
/// The way of one picture over all nodes, as a trace of OpenTelemetry: a span each for fetching, resizing, embedding and writing. The trace's id is made of the data set
/// and the picture's name, so that spans of different nodes belong together without a field in any message. Thread-safe.
/// </summary>
/// <remarks>
/// A span is recorded when its work has ended, and never is the current one: what is fetched from the web meanwhile says nothing of it, and a picture that no one follows
/// costs one look at whether anyone listens.
/// </remarks>
public static class PictureTrace
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "Koala";

    /// <summary>The tag with the picture's name.</summary>
    public const string PictureTag = "koala.picture";

    /// <summary>The tag with the data set's folder, relative to the store.</summary>
    public const string DataTag = "koala.data_set";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether anyone listens.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>The trace of a picture, and the span that all of its spans are below, which no one records.</summary>
    /// <param name="data">The data set's folder, relative to the store.</param>
    /// <param name="picture">The picture's name.</param>
    public static ActivityContext Of(string data, string picture)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{data}\n{picture}"), hash);
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(hash[..16]), ActivitySpanId.CreateFromBytes(hash[16..24]), ActivityTraceFlags.Recorded, traceState: null, isRemote: true);
    }

    /// <summary>Work on a picture has just ended.</summary>
    /// <param name="span">What it was: <c>fetch</c>, <c>resize</c>, <c>embed</c>, <c>write</c>.</param>
    /// <param name="data">The data set's folder, relative to the store.</param>
    /// <param name="picture">The picture's name.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="facts">What came of it.</param>
    public static void Ended(string span, string data, string picture, TimeSpan took, params (string Name, object Value)[] facts)
    {
        if (!IsOn)
        {
            return;
        }

        DateTimeOffset end = TimeProvider.System.GetUtcNow();
        var tags = new List<KeyValuePair<string, object?>>(facts.Length + 2) { new(PictureTag, picture), new(DataTag, data) };
        tags.AddRange(facts.Select(fact => new KeyValuePair<string, object?>(fact.Name, fact.Value)));
        using Activity? activity = Source.StartActivity(span, ActivityKind.Internal, Of(data, picture), tags, links: null, end - took);
        activity?.SetEndTime(end.UtcDateTime);
    }
}
