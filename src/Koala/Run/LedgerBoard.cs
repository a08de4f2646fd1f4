using System.Collections.Immutable;
using Koalarization.Dataset;

namespace Koalarization.Koala.Run;

/// <summary>The rounds' ledgers, where stages that run at the same time see each other's progress. Thread-safe.</summary>
internal sealed class LedgerBoard(ImmutableArray<RoundLedger> rounds)
{
    private readonly Lock _gate = new();
    private ImmutableArray<RoundLedger> _rounds = rounds;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>The rounds that are not closed, in order.</summary>
    public ImmutableArray<RoundLedger> Rounds
    {
        get
        {
            lock (_gate)
            {
                return _rounds;
            }
        }
    }

    public void Resolved(int round, int slice, int survivors) => Change(round, ledger => ledger.WithResolved(slice, survivors));

    public void Written(int round, int record) => Change(round, ledger => ledger.WithWritten(record));

    /// <summary>The next record to write; null when all are written that ever will be.</summary>
    /// <param name="after">Records before and this one were taken already; null: none.</param>
    /// <param name="wait">Whether to wait for one that cannot be composed yet; else null is told for that too.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<RecordWork?> NextRecordAsync(int? after, bool wait, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (Next(after) is RecordWork work)
                {
                    return work;
                }

                if (!wait || _rounds.All(round => round.IsResolved))
                {
                    return null;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    private RecordWork? Next(int? after) =>
        _rounds.Select(round => round.NextRecord(after)).FirstOrDefault(work => work is not null);

    private void Change(int round, Func<RoundLedger, RoundLedger> change)
    {
        lock (_gate)
        {
            int place = _rounds.Select((ledger, i) => (ledger, i)).First(pair => pair.ledger.Round == round).i;
            _rounds = _rounds.SetItem(place, change(_rounds[place]));
            _changed.TrySetResult();
            _changed = NewSignal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
