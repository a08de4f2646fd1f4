using Akka.Actor;
using Koalarization.Cluster.Embedding;
using Koalarization.Harvest.Addresses;
using Koalarization.Imaging.Jpeg;

namespace Koalarization.Koala.Commands;

/// <summary>The parts of the program that a test puts others in place of.</summary>
internal sealed record KoalaServices
{
    /// <summary>The JPEG library.</summary>
    public Func<IJpegCodec> Codec { get; init; } = () => JpegCodecs.Default;

    /// <summary>Looks names up; null: as the machine does.</summary>
    public IHostResolver? Resolver { get; init; }

    /// <summary>Is given each device that is loaded, and gives what is used in its place.</summary>
    public Func<IInferenceDevice, IInferenceDevice> Device { get; init; } = device => device;

    /// <summary>Is told each name that a node is about to give to a file of a data set; null: nobody is.</summary>
    public Action<string>? BeforeName { get; init; }

    /// <summary>Is given a node's actor system when it stands; null: nobody is.</summary>
    public Action<ActorSystem>? Started { get; init; }
}
