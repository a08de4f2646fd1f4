using Koalarization.Dataset;

namespace Koalarization.Cluster;

/// <summary>The coordinator's work on disk.</summary>
internal sealed partial class JobCoordinator
{
    private static readonly TimeSpan LoadAgainAfter = TimeSpan.FromSeconds(5);

    // Nodes say what they hold first: then nothing is given twice.
    private static readonly TimeSpan HoldsBack = FetchProtocol.RequestSlices.Every + TimeSpan.FromSeconds(1);

    private void Load() => _desk.Begin(default, DeskWork.Load, AnyEntry, _ => Task.FromResult<object>(
        _parts.Desk.Jobs().Select(entry => (Entry: entry, Totals: entry.IsCancelled ? null : _parts.Desk.TotalsOfDone(entry))).ToArray()));

    private void OnLoaded(DeskAnswer answer)
    {
        _desk.Ended(answer);
        if (answer.Result is not (JobEntry Entry, SetTotals? Totals)[] jobs)
        {
            Log.DeskFailed(_parts.Log, default, answer.Work, answer.Failure);
            Timers.StartSingleTimer(nameof(LoadAgain), new LoadAgain(), LoadAgainAfter);
            return;
        }

        foreach ((JobEntry entry, SetTotals? totals) in jobs.Reverse())
        {
            JobsProtocol.JobPhase phase = entry.IsCancelled ? JobsProtocol.JobPhase.Cancelled
                : totals is null ? JobsProtocol.JobPhase.Opening
                : JobsProtocol.JobPhase.Done;
            _board = _board.With(new JobState(entry, phase) { Totals = totals, LeasesFrom = Now + HoldsBack });
        }

        Become(Working);
        Stash.UnstashAll();
        Timers.StartPeriodicTimer(nameof(Tick), new Tick(), TickEvery);
        Timers.StartPeriodicTimer(nameof(LookAtEpochs), new LookAtEpochs(), LookAtEpochsEvery);
        foreach (JobState job in _board.Jobs.Where(job => job.IsLive))
        {
            Open(job);
        }
    }

    private void Open(JobState job)
    {
        JobEntry entry = job.Entry;
        _desk.Begin(job.Id, DeskWork.Open, entry.Number, async cancellation =>
        {
            OpenedJob opened = await _parts.Desk.OpenAsync(entry.Job, entry.Spec, cancellation);

            // Another round was asked for once: whoever opens the job again goes on with that one.
            return entry.Spec.RetryFailed ? (opened, _parts.Desk.Enter(entry.Job, entry.Spec with { RetryFailed = false }, isCancelled: false)) : (opened, entry);
        });
    }

    /// <summary>What a job in work needs of the desk now.</summary>
    private void AskDesk(JobState job)
    {
        if (job is { MakesRecords: true, Key: null } && job.Choose(_board.Nodes.Networks) is EmbedKey key)
        {
            _desk.Begin(job.Id, DeskWork.FixNetwork, job.Entry.Number, _ => Task.FromResult<object>(_parts.Desk.FixNetwork(job.Opened!, job.NetworkOf(key))));
        }

        if (job.Ledger!.IsDone)
        {
            _desk.Begin(job.Id, DeskWork.Close, job.Entry.Number, cancellation =>
            {
                _parts.Desk.Close(job.Opened!, job.Ledger.Rounds, cancellation);
                return Task.FromResult<object>(job.Id);
            });
        }
    }

    private void OnLookAtEpochs()
    {
        foreach (JobState job in _board.Working)
        {
            _desk.Begin(job.Id, DeskWork.LookAtEpoch, job.Entry.Number, _ => Task.FromResult<object>(_parts.Desk.NewestEpoch(job.Opened!)));
        }
    }

    // Only who is there has a space; who has not spoken yet may be there.
    private void RemoveSpaces()
    {
        if (_spacesToRemove.Count == 0 || !_board.Nodes.HaveAllSpoken)
        {
            return;
        }

        IReadOnlySet<NodeOwner> present = _board.Nodes.Present;
        foreach (JobState job in _board.Working.Where(job => _spacesToRemove.Contains(job.Id) && !_desk.IsUnderWay(job.Id, DeskWork.RemoveOthers, job.Entry.Number)))
        {
            _spacesToRemove.Remove(job.Id);
            _desk.Begin(job.Id, DeskWork.RemoveOthers, job.Entry.Number, _ => Task.FromResult<object>(_parts.Desk.RemoveOthers(job.Opened!, present)));
        }
    }

    private void OnDesk(DeskAnswer answer)
    {
        _desk.Ended(answer);
        if (answer.Work == DeskWork.Enter)
        {
            OnEntered(answer);
            return;
        }

        if (answer.Failure is not null and not JobRefusedException and not OperationCanceledException)
        {
            Log.DeskFailed(_parts.Log, answer.Job, answer.Work, answer.Failure);
        }

        if (_board.Find(answer.Job) is { IsLive: true } job && job.Entry.Number == answer.Number && answer.Failure is not OperationCanceledException)
        {
            Change(answer.Failure is null ? _board.With(After(job, answer)) : Without(job, answer));
        }
    }

    private JobState After(JobState job, DeskAnswer answer)
    {
        switch (answer.Work, answer.Result)
        {
            case (DeskWork.Open, (OpenedJob opened, JobEntry entry)):
                _spacesToRemove.Add(job.Id);
                JobState open = (job with { Entry = entry }).WithOpened(opened);
                Log.JobOpened(_parts.Log, job.Id, opened.Epoch, open.Ledger!.OpenSlices);
                return _board.WithOpened(open, Now).Find(job.Id)!;
            case (DeskWork.FixNetwork, NetworkParameters network):
                return job.WithNetwork(network);
            case (DeskWork.LookAtEpoch, long newest) when newest > job.Opened!.Epoch:
                return job.Failed("another process has taken over its data set; submit it again to go on here");
            case (DeskWork.RemoveOthers, IReadOnlyDictionary<(int, int), int> losses):
                return job with { Ledger = job.Ledger!.WithLosses(losses) };
            case (DeskWork.Close, _):
                return job with { Phase = JobsProtocol.JobPhase.Done };
            default:
                return job;
        }
    }

    // Work that is done again anyway is no reason to give a job up.
    private JobBoard Without(JobState job, DeskAnswer answer)
    {
        if (answer.Work == DeskWork.RemoveOthers)
        {
            _spacesToRemove.Add(job.Id);
        }

        return answer.Work is DeskWork.RemoveOthers or DeskWork.LookAtEpoch ? _board : _board.With(job.Failed(answer.Failure!.Message));
    }
}
