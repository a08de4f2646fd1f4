using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Run;

/// <summary>The owner of a data set: a run, or a cluster.</summary>
internal static class RunOwnership
{
    /// <summary>Makes the run the owner of a data set of a cluster, whose nodes reject it from then on.</summary>
    public static void Take(FileDataStore store, string owner)
    {
        if (DataOwners.Newest(store) is not { Kind: not DataOwnerKind.Run } newest)
        {
            return;
        }

        DataOwners.PublishNext(store, DataOwnerKind.Run, owner, newest.Kind == DataOwnerKind.Cluster ? $"taken over from {newest.Owner}" : "koala run");
    }

    /// <summary>Refuses a data set that a cluster is working on, before anything is changed.</summary>
    /// <exception cref="UserErrorException">A cluster is working on it.</exception>
    public static void RefuseClusters(RunRequest request)
    {
        var store = new FileDataStore(request.Data);
        if (!request.TakesOver && DataOwners.Newest(store) is { Kind: DataOwnerKind.Cluster } cluster
            && RoundFiles.Read(store).FirstOrDefault(round => round.Closed is null).Opened is RoundOpened open)
        {
            throw new UserErrorException(
                $"{request.Data} belongs to a cluster ({cluster.Note}), and its round {open.Round} is open; resume it there, or add --take-over if that cluster is gone for good.");
        }
    }
}
