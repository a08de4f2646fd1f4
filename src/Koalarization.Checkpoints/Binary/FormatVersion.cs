namespace Koalarization.Checkpoints.Binary;

/// <summary>Who may read a file (VersionDef).</summary>
internal static class FormatVersion
{
    /// <summary>Refuses files that ask for a reader newer than the format version that is known here.</summary>
    public static void Check(ProtoReader versions, int newestKnown)
    {
        while (versions.Next())
        {
            if (versions.Field == 2 && versions.Int32() is int needed && needed > newestKnown)
            {
                throw versions.Here.Unsupported($"the file needs a reader of format version {needed}, and {newestKnown} is the newest supported");
            }
        }
    }
}
