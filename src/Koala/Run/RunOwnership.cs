using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Run;

/// <summary>Whose a data set is, where a cluster had it in work before a run comes.</summary>
internal static class RunOwnership
{
    /// <summary>Makes the data set the run's, where it was a cluster's: its nodes refuse to go on with it from then on.</summary>
    public static void Take(FileDataStore store, string owner)
    {
        if (DataOwners.Newest(store) is not { Kind: not DataOwnerKind.Run } newest)
        {
            return;
        }

        DataOwners.PublishNext(store, DataOwnerKind.Run, owner, newest.Kind == DataOwnerKind.Cluster ? $"taken over from {newest.Owner}" : "koala run");
    }

    /// <summary>Refuses what a cluster has in work, before anything is changed.</summary>
    /// <exception cref="UserErrorException">A cluster has it in work.</exception>
    public static void RefuseClusters(RunRequest request)
    {
        var store = new FileDataStore(request.Data);
        if (!request.TakesOver && DataOwners.Newest(store) is { Kind: DataOwnerKind.Cluster } cluster
            && RoundFiles.Read(store).FirstOrDefault(round => round.Closed is null).Opened is RoundOpened open)
        {
            throw new UserErrorException(
                $"{request.Data} is in work in a cluster ({cluster.Note}), and its round {open.Round} is open; go on with it there, or add --take-over when that cluster is gone for good.");
        }
    }
}
