using Akka.Serialization;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Wire;
using Koalarization.Cluster.Writing;
using Koalarization.Pipeline.Jobs;
using static Koalarization.Cluster.Coordination.JobsProtocol;
using static Koalarization.Cluster.Embedding.EmbedProtocol;
using static Koalarization.Cluster.Fetching.FetchProtocol;

namespace Koalarization.Cluster.Specs.Wire;

/// <summary>The largest message of each kind that is a list has fewer bytes than a frame takes.</summary>
public sealed class LargestMessageSpecs : IClassFixture<SerializingSystem>
{
    private static readonly JobId Job = new(new string('j', 100));
    private static readonly NodeOwner Owner = new(new string('o', 64 + 1 + 36 + 1 + 16));
    private static readonly string LongText = new('語', 4000);
    private static readonly string HostName = string.Join('.', Enumerable.Repeat(new string('h', 62), 4)) + "h:65535";
    private static readonly EmbedKey Key = new(new string('w', 64), "bf16/simulated", new string('c', 64));

    private static readonly string[] Outcomes =
    [
        "kept", "bad_url", "address_refused", "dns", "connection", "tls", "timeout", "redirects", "not_found", "forbidden", "too_many_requests",
        "server_error", "http_error", "too_large", "empty", "not_jpeg", "damaged", "too_many_pixels",
    ];

    private readonly Serialization _serialization;

    public LargestMessageSpecs(SerializingSystem system) => _serialization = system.Serialization;

    [Fact]
    public void Jobs() => Fits(new JobList([.. Enumerable.Repeat(Status(), JobList.MaxJobs)], int.MaxValue));

    [Fact]
    public void Nodes() => Fits(new NodeList(
        [.. Enumerable.Repeat(Node(), NodeList.MaxNodes)], int.MaxValue));

    private static NodeStatus Node() => new(HostName, NodeRoles.All, "Unreachable", Owner.Name, 256, 2, LongText)
    {
        Version = LongText,
        Device = LongText,
        LinksPerSecond = 1,
        EmbeddedPerSecond = 1,
        WrittenPerSecond = 1,
        DeviceBusy = 1,
        StoreBusy = 1,
        Outage = Koalarization.Harvest.Outages.NetworkFault.Connections,
        LastError = LongText,
        LastErrorAgeSeconds = int.MaxValue,
    };

    [Fact]
    public void A_refusal() => Fits(new JobRefused(new string('語', 100_000)));

    [Fact]
    public void A_job() => Fits(new SubmitJob(new JobSpec
    {
        Source = new string('s', 4096),
        Data = new string('d', 4096),
        ImageNamePrefix = new string('p', 4096),
        Weights = Key.Weights,
        Precision = Key.Precision,
        Skip = long.MaxValue,
        Count = long.MaxValue,
    }));

    [Fact]
    public void A_node_with_several_networks() => Fits(new RegisterNode
    {
        Owner = Owner,
        Address = "akka.tcp://koala@" + HostName,
        Uid = int.MinValue,
        Roles = NodeRoles.All,
        CodecFingerprint = Key.CodecFingerprint,
        Networks = [.. Enumerable.Repeat(Key, 16)],
    });

    [Fact]
    public void What_a_node_holds() => Fits(new RequestSlices(
        Owner, 256, [.. Enumerable.Repeat(new ActiveSlice(new SliceId(Job, int.MaxValue, int.MaxValue), long.MaxValue, long.MaxValue), 256)]));

    [Fact]
    public void A_slice_that_is_handed_back() => Fits(new SliceHandedBack(new SliceId(Job, int.MaxValue, int.MaxValue), Owner, Ended(), LongText));

    [Fact]
    public void A_slice_that_is_leased() => Fits(new SliceLeased
    {
        Slice = new SliceId(Job, int.MaxValue, int.MaxValue),
        Epoch = long.MaxValue,
        Data = new string('d', 4096),
        Until = JobEnd.Records,
        IsSandboxed = true,
        Ended = Ended(),
    });

    [Fact]
    public void Hosts_that_refuse()
    {
        var refusal = new HostRefusal("too_many_requests", LongText, TimeSpan.MaxValue, int.MaxValue);
        var usage = new HostUsage(HostName, int.MaxValue, long.MaxValue, long.MaxValue, int.MaxValue, int.MaxValue, refusal);

        Fits(new ReportHostUsage(Job, Owner, TimeSpan.MinValue, TimeSpan.MaxValue, [.. Enumerable.Repeat(usage, ReportHostUsage.MaxHosts)]));
    }

    [Fact]
    public void Permits_of_hosts()
    {
        var grant = new HostGrant
        {
            Host = HostName,
            ReportedAt = TimeSpan.MinValue,
            Granted = long.MaxValue,
            Returned = long.MaxValue,
            Share = int.MaxValue,
            Generation = int.MaxValue,
            Pause = TimeSpan.MaxValue,
            IsGivenUp = true,
            Refusal = LongText,
        };

        Fits(new HostPermitsGranted(Job, [.. Enumerable.Repeat(grant, ReportHostUsage.MaxHosts)]));
    }

    [Fact]
    public void A_request_for_logits() => Fits(new EmbedImages(
        new RequestId(Owner.Name, long.MaxValue), Key, new string('d', 4096), true, [.. Enumerable.Repeat(new ImageReference(new string('n', 255), new string('f', 64)), MaxImages)]));

    [Fact]
    public void Logits() => Fits(new ImagesEmbedded(
        new RequestId(Owner.Name, long.MaxValue), new byte[MaxImages * 1001 * 4], [.. Enumerable.Range(0, MaxImages)], Window()));

    [Fact]
    public void A_refused_request() => Fits(new EmbeddingRejected(new RequestId(Owner.Name, long.MaxValue), RejectionReason.Unreadable, LongText, Window()));

    [Fact]
    public void A_record_that_fails() => Fits(new WriteProtocol.RecordFailed(new RecordId(Job, int.MaxValue), Owner, LongText, true));

    [Fact]
    public void A_text_is_cut_between_characters()
    {
        Assert.Equal("aé😀", WireText.Cut("aé😀", 7));
        Assert.Equal("aé…", WireText.Cut("aé😀", 6));
        Assert.Equal("ab…", WireText.Cut("abcdefgh", 5));
    }

    private static JobStatus Status() => new()
    {
        Job = Job,
        Data = LongText,
        Source = LongText,
        Phase = JobPhase.Failed,
        Note = LongText,
        Round = int.MaxValue,
        Links = long.MaxValue,
        Resolved = long.MaxValue,
        Survivors = long.MaxValue,
        Outcomes = Outcomes.ToDictionary(name => name, _ => long.MaxValue, StringComparer.Ordinal),
        SlicesInWork = int.MaxValue,
        RecordsWritten = int.MaxValue,
        RecordsReady = int.MaxValue,
        RecordsInWork = int.MaxValue,
        Pictures = long.MaxValue,
        LinksPerSecond = 1,
        PicturesPerSecond = 1,
        BoundBy = JobBound.Outage,
        BoundReason = LongText,
        SecondsLeft = 1,
    };

    private static List<EndedLink> Ended() =>
        [.. Enumerable.Range(0, 512).Select(place => new EndedLink(place, "too_many_requests", new string('語', 100), 100))];

    private static EmbedWindow Window() => new(Owner.Name, long.MaxValue, Key, int.MaxValue, double.MaxValue, int.MaxValue);

    private void Fits(IWireMessage message)
    {
        int bytes = _serialization.FindSerializerFor(message).ToBinary(message).Length;

        Assert.InRange(bytes, 1, KoalaSerializer.MaxBytes - 1);
    }
}
