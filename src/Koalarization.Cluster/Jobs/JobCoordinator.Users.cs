using Akka.Actor;

namespace Koalarization.Cluster;

/// <summary>What users ask of the coordinator.</summary>
internal sealed partial class JobCoordinator
{
    private const int AnyEntry = 0;

    private void OnSubmit(JobsProtocol.SubmitJob submit)
    {
        JobsProtocol.JobSpec spec = submit.Spec with { Data = JobId.Normal(submit.Spec.Data) };
        JobId id = JobId.Of(spec.Data);
        if (_desk.IsUnderWay(id, DeskWork.Enter, AnyEntry))
        {
            Stash.Stash();
        }
        else if (_board.Find(id) is not { IsLive: true } live)
        {
            Enter(id, spec, isCancelled: false);
        }
        else if (JobSpecRules.DifferenceFrom(live.Entry.Spec, spec) is string difference)
        {
            Sender.Tell(new JobsProtocol.JobRefused($"{id} is being worked on otherwise: {difference}; leave that out, or cancel the job first."));
        }
        else
        {
            Sender.Tell(new JobsProtocol.JobAccepted(id, IsNew: false));
        }
    }

    private void OnCancel(JobsProtocol.CancelJob cancel)
    {
        if (_desk.IsUnderWay(cancel.Job, DeskWork.Enter, AnyEntry))
        {
            Stash.Stash();
        }
        else if (_board.Find(cancel.Job) is not JobState job)
        {
            Sender.Tell(Unknown(cancel.Job));
        }
        else if (job.Phase == JobsProtocol.JobPhase.Done)
        {
            Sender.Tell(new JobsProtocol.JobRefused($"{job.Id} is done already."));
        }
        else if (job.Phase == JobsProtocol.JobPhase.Cancelled)
        {
            Sender.Tell(new JobsProtocol.JobAccepted(job.Id, IsNew: false));
        }
        else
        {
            // What is under way on disk for it ends first.
            _desk.Stop(job.Id);
            Enter(job.Id, job.Entry.Spec, isCancelled: true);
        }
    }

    private void Enter(JobId id, JobsProtocol.JobSpec spec, bool isCancelled) => _desk.Begin(
        id, DeskWork.Enter, AnyEntry, _ => Task.FromResult<object>(_parts.Desk.Enter(id, spec, isCancelled)), Sender);

    /// <summary>The answer to whoever submitted a job, or cancelled it: it is on disk now.</summary>
    private void OnEntered(DeskAnswer answer)
    {
        if (answer.Result is not JobEntry entry)
        {
            Log.DeskFailed(_parts.Log, answer.Job, answer.Work, answer.Failure);
            Sender.Tell(new JobsProtocol.JobRefused($"the store does not take the job: {answer.Failure?.Message}"));
            if (_board.Find(answer.Job) is { Phase: JobsProtocol.JobPhase.Opening } opening)
            {
                // It was stopped to be cancelled.
                Open(opening);
            }
        }
        else
        {
            JobState? known = _board.Find(entry.Job);
            Sender.Tell(new JobsProtocol.JobAccepted(entry.Job, IsNew: known is null));
            Log.JobEntered(_parts.Log, entry.Job, entry.IsCancelled);
            if (entry.IsCancelled)
            {
                Change(_board.With(known! with { Entry = entry, Phase = JobsProtocol.JobPhase.Cancelled, Failure = null }));
            }
            else
            {
                var job = new JobState(entry, JobsProtocol.JobPhase.Opening);
                if (known is null)
                {
                    _permits.Begin(entry.Job);
                }

                Change(_board.Without(entry.Job).With(job));
                Open(job);
            }
        }

        Stash.UnstashAll();
    }

    private void OnGetJob(JobsProtocol.GetJob query) =>
        Sender.Tell(_board.Find(query.Job) is JobState job ? JobViews.StatusOf(_board, job) : Unknown(query.Job));

    private void OnDrain(JobsProtocol.DrainNode drain)
    {
        ClusterMember? member = _board.Nodes.Members.Values.FirstOrDefault(member => member.HostAndPort == drain.Address);
        if (member is null || _board.Nodes.CardOf(member) is not JobsProtocol.NodeCard card || !_nodes.TryGetValue(card.Owner, out IActorRef? node))
        {
            Sender.Tell(new JobsProtocol.JobRefused(
                member is null ? $"there is no node {drain.Address}; koala nodes lists them." : $"{drain.Address} has not joined in yet; try again in a few seconds."));
            return;
        }

        node.Tell(new JobsProtocol.Leave());
        Sender.Tell(new JobsProtocol.NodeDraining(drain.Address));
        Log.NodeDraining(_parts.Log, drain.Address);
    }

    private static JobsProtocol.JobRefused Unknown(JobId job) => new($"there is no job {job}; koala jobs lists them.");
}
