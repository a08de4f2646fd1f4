using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Membership;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.Coordination;

/// <summary>Jobs and nodes for tests.</summary>
internal static class ActiveJobsTests
{
    public const string Codec = "codec-0123456789";

    public static readonly TimeSpan Start = TimeSpan.FromHours(1);

    public static readonly EmbedKey Key = new("simulated", "fp32", Codec);

    public static readonly NetworkParameters Network = new()
    {
        Checkpoint = "simulated",
        Weights = "simulated",
        Precision = "fp32",
        Compatibility = "none",
        Compression = "none",
        PicturesPerRecord = 500,
    };

    public static JobSpec Spec(string data, JobEnd until = JobEnd.Records) =>
        new() { Source = "/lists/some.txt", Data = data, Until = until };

    public static JobParameters Parameters(string codec = Codec) => new()
    {
        Source = "/lists/some.txt",
        IsFolder = false,
        Skip = 0,
        Count = null,
        Links = 0,
        LinksSha256 = "",
        Width = 299,
        Height = 299,
        CodecFingerprint = codec,
        FansOut = false,
        ImageNamePrefix = "",
    };

    /// <summary>A job whose data set is open; it has no plan.</summary>
    public static CoordinatedJob Working(string data, NetworkParameters? network, params RoundLedger[] rounds)
    {
        JobSpec spec = Spec(data);
        JobId id = JobId.Of(data);
        var opened = new OpenedJob(
            id, spec, Epoch: 1, Parameters(), network, [.. rounds.Select(round => new OpenRound(null!, round))], new Dictionary<string, long>())
        {
            Links = 0,
        };
        return new CoordinatedJob(new JobEntry(id, 1, spec, IsCancelled: false), JobsProtocol.JobPhase.Opening).WithOpened(opened);
    }

    public static CoordinatorState WithFetchNode(this CoordinatorState state, string name, params string[] features) => state with
    {
        Nodes = state.Nodes.With(Member(name, "fetch")).With(Registration(name, "fetch") with { Features = features }, Start),
    };

    public static CoordinatorState WithNode(this CoordinatorState state, string name, string role, string codec = Codec, params EmbedKey[] networks) => state with
    {
        Nodes = state.Nodes.With(Member(name, role)).With(Registration(name, role, codec, networks), Start),
    };

    public static CoordinatorState WithoutNode(this CoordinatorState state, string name) => state.Without(new ClusterMemberGone(AddressOf(name), 1));

    public static ClusterMember Member(string name, string role) => new(AddressOf(name), 1, [role], "Up", IsReachable: true);

    public static JobsProtocol.RegisterNode Registration(string name, string role, string codec = Codec, params EmbedKey[] networks) => new()
    {
        Owner = new NodeOwner(name),
        Address = AddressOf(name),
        Uid = 1,
        Roles = [role],
        CodecFingerprint = codec,
        Networks = networks,
    };

    public static FetchProtocol.RequestSlices Request(string name, int room, params FetchProtocol.ActiveSlice[] held) => new(new NodeOwner(name), room, held);

    public static string AddressOf(string name) => $"akka.tcp://koala@{name}:1";
}
