using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Run;

/// <summary>Keeps a program of one process and a cluster from working on one data set.</summary>
internal static class SetOwnership
{
    /// <summary>Refuses a data set that a cluster is working on, before anything is changed.</summary>
    /// <param name="data">The data set's folder.</param>
    /// <param name="instead">What to do instead, where that cluster is gone for good.</param>
    /// <exception cref="UserErrorException">A cluster is working on it.</exception>
    public static void RefuseCluster(string data, string instead)
    {
        var store = new FileDataStore(data);
        if (DataOwners.Newest(store) is { Kind: DataOwnerKind.Cluster } cluster
            && RoundFiles.Read(store).FirstOrDefault(round => round.Closed is null).Opened is RoundOpened open)
        {
            throw new UserErrorException($"{data} belongs to a cluster ({cluster.Note}), and its round {open.Round} is open; {instead}");
        }
    }

    /// <summary>Makes a process the owner of a data set of a cluster, whose nodes reject the cluster's work from then on.</summary>
    /// <param name="store">The data set, locked.</param>
    /// <param name="owner">The process.</param>
    /// <param name="command">The command that it runs.</param>
    /// <returns>The owner before; null where no cluster ever had the data set, or a process has it already.</returns>
    public static DataOwner? Take(FileDataStore store, string owner, string command)
    {
        if (DataOwners.Newest(store) is not { Kind: not DataOwnerKind.Run } newest)
        {
            return null;
        }

        DataOwners.PublishNext(store, DataOwnerKind.Run, owner, newest.Kind == DataOwnerKind.Cluster ? $"taken over from {newest.Owner}" : command);
        return newest;
    }
}
