using Akka.Actor;

namespace Koalarization.Cluster;

/// <summary>What nodes say to the coordinator.</summary>
internal sealed partial class JobCoordinator
{
    private void OnMember(ClusterMember member) => Change(_board with { Nodes = _board.Nodes.With(member) });

    private void OnMemberGone(ClusterMemberGone member)
    {
        if (_board.Nodes.OwnerOf(member) is NodeOwner owner)
        {
            _nodes.Remove(owner);
            _fetchers.Remove(owner);
            _permits.Remove(owner, Now);
            Log.NodeGone(_parts.Log, owner, member.Address);
        }

        Change(_board.Without(member));
        _spacesToRemove.UnionWith(_board.Working.Select(job => job.Id));
        RemoveSpaces();
    }

    private void OnCard(JobsProtocol.NodeCard card)
    {
        if (!_nodes.ContainsKey(card.Owner))
        {
            Log.NodeSpoke(_parts.Log, card.Owner, card.Address, card.Roles);
        }

        _nodes[card.Owner] = Sender;
        Sender.Tell(new JobsProtocol.NodeWelcomed(card.Owner));
        Change(_board with { Nodes = _board.Nodes.With(card) });
    }

    private void OnRequest(FetchProtocol.RequestSlices request)
    {
        _fetchers[request.Owner] = Sender;
        (JobBoard board, NodeAnswer answer) = _board.WithReport(request, Now);
        foreach (SliceId slice in answer.Recalled)
        {
            Sender.Tell(new FetchProtocol.SliceRecalled(slice));
        }

        foreach (FetchProtocol.SliceLeased lease in answer.ToldAgain)
        {
            Sender.Tell(lease);
        }

        Change(board);
    }

    // Of a job that is being opened nothing is known yet: the node says it again.
    private void OnResolved(FetchProtocol.SliceResolved resolved)
    {
        JobId job = resolved.Slice.Job;
        if (_board.Find(job) is not { Phase: JobsProtocol.JobPhase.Opening })
        {
            Change(_board.With(job, ledger => ledger.WithResolved(resolved.Slice, resolved.Survivors, resolved.Outcomes)));
            Sender.Tell(new FetchProtocol.SliceNoted(resolved.Slice));
        }
    }

    private void OnHandedBack(FetchProtocol.SliceHandedBack back)
    {
        if (back.Fault is string fault)
        {
            Log.NodeCannotGoOn(_parts.Log, back.Owner, back.Slice, fault);
        }

        Change(_board.With(back.Slice.Job, ledger => ledger.WithHandedBack(back.Slice, back.Owner, back.Ended, back.Fault, Now)).At(Now));
    }

    private void OnProgress(WriteProtocol.RecordProgress progress) =>
        Change(_board.With(progress.Record.Job, ledger => ledger.WithProgress(progress.Record.Record, progress.Owner, progress.Embedded)));

    private void OnWritten(WriteProtocol.RecordWritten written) =>
        Change(_board.With(written.Record.Job, ledger => ledger.WithWritten(written.Record.Record)));

    private void OnRecordFailed(WriteProtocol.RecordFailed failed)
    {
        Log.RecordFailed(_parts.Log, failed.Record, failed.Owner, failed.Reason);
        Change(_board.WithRecordFailure(failed, Now));
    }
}
