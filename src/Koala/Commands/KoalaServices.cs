using Akka.Actor;
using Koalarization.Cluster.Embedding;
using Koalarization.Harvest.Addresses;
using Koalarization.Imaging.Jpeg;

namespace Koalarization.Koala.Commands;

/// <summary>The services of the program that a test host replaces.</summary>
internal sealed record KoalaServices
{
    /// <summary>The JPEG library.</summary>
    public Func<IJpegCodec> Codec { get; init; } = () => JpegCodecs.Default;

    /// <summary>Resolves host names; null: the resolver of the system.</summary>
    public IHostResolver? Resolver { get; init; }

    /// <summary>Wraps each device after it is loaded.</summary>
    public Func<IInferenceDevice, IInferenceDevice> Device { get; init; } = device => device;

    /// <summary>Called with the name of each file of a data set before a node publishes it.</summary>
    public Action<string>? BeforeName { get; init; }

    /// <summary>Called with a node's actor system when it has started.</summary>
    public Action<ActorSystem>? Started { get; init; }
}
