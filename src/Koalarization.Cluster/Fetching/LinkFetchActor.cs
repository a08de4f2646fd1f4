using System.Runtime.ExceptionServices;
using Akka.Actor;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Cluster.Fetching;

/// <summary>
/// One try of one link. Where its outcome is final, or the try does not count, the downloader is notified; where another try may succeed, a
/// <see cref="TransientFetchException"/> is thrown and supervision starts the fetch again; so it does after an unexpected exception.
/// </summary>
internal sealed class LinkFetchActor : UntypedActor
{
    private readonly LinkFetch _fetch;
    private readonly IHostLimitSource _source;
    private readonly FetchDriver _driver;
    private readonly CancellationToken _cancellation;

    private LinkFetchActor(LinkFetch fetch, IHostLimitSource source, FetchDriver driver, CancellationToken cancellation) =>
        (_fetch, _source, _driver, _cancellation) = (fetch, source, driver, cancellation);

    /// <param name="fetch">A link whose next step is its request.</param>
    /// <param name="source">Where its host's limit comes from.</param>
    /// <param name="driver">Takes its steps.</param>
    /// <param name="cancellation">Ends the try.</param>
    public static Props Props(LinkFetch fetch, IHostLimitSource source, FetchDriver driver, CancellationToken cancellation) =>
        Akka.Actor.Props.CreateBy(new Producer(() => new LinkFetchActor(fetch, source, driver, cancellation)));

    protected override void PreStart() => Step(_fetch);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LinkProtocol.TryEnded { Fetch.Next: FetchStep.WaitForVerdict } ended:
                Context.Parent.Tell(LinkProtocol.OutcomePending.Instance);
                Step(ended.Fetch);
                break;
            case LinkProtocol.TryEnded { Fetch.Next: FetchStep.Pause } ended:
                throw new TransientFetchException(ended.Fetch);
            case LinkProtocol.TryEnded ended:
                Context.Parent.Tell(ended);
                Context.Stop(Self);
                break;
            case Status.Failure failure:
                ExceptionDispatchInfo.Throw(failure.Cause);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Step(LinkFetch fetch) =>
        _ = _driver.StepAsync(fetch, _source, _cancellation).PipeTo(Self, success: next => new LinkProtocol.TryEnded(next));

    // There is one for every request: it is made without reflection.
    private sealed class Producer(Func<ActorBase> make) : IIndirectActorProducer
    {
        public Type ActorType => typeof(LinkFetchActor);

        public ActorBase Produce() => make();

        public void Release(ActorBase actor)
        {
            // It has nothing to release.
        }
    }
}
