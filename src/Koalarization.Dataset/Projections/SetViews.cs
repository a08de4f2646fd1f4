using System.Text.Json;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Imaging.Jpeg;

namespace Koalarization.Dataset.Projections;

/// <summary>The views of a data set: rebuilt from its manifests, and replaced whole.</summary>
public static class SetViews
{
    /// <summary>Rebuilds <c>index.csv</c> and <c>dataset.json</c>.</summary>
    public static void Replace(IDataStore store, CancellationToken cancellation = default)
    {
        using IDraft index = store.NewDraft(), summary = store.NewDraft();
        Write(store, index.Content, summary.Content, cancellation);
        HideFromOthers(index.Content);
        store.Flush([index]);
        store.Flush([summary]);
        store.Replace(index, DataLayout.Index);

        // The summary says how far both are: it must not outlive the index.
        store.FlushNames("");
        store.Replace(summary, DataLayout.Summary);
        store.FlushNames("");
    }

    // Links may have passwords and tokens in them.
    private static void HideFromOthers(Stream index)
    {
        const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        if (index is FileStream file && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(file.SafeFileHandle) & ~Others);
        }
    }

    /// <summary>Whether the views contain all that is committed. (<c>dataset.json</c> is replaced last.)</summary>
    public static bool AreCurrent(IDataStore store)
    {
        if (store.SizeOf(DataLayout.Index) is null || store.SizeOf(DataLayout.Summary) is null)
        {
            return false;
        }

        using Stream summary = store.Open(DataLayout.Summary);
        try
        {
            return JsonSerializer.Deserialize<SetSummary>(summary, DatasetJson.Options)?.Progress == SetProgress.Of(store);
        }
        catch (JsonException)
        {
            // Another version's, or edited by hand.
            return false;
        }
    }

    /// <summary>Writes what the views hold, if they are up to date.</summary>
    public static void Write(IDataStore store, Stream index, Stream summary, CancellationToken cancellation = default)
    {
        var counts = new SetCounts();
        bool hasMetadata = JobParameters.Find(store)?.Rule >= PictureRule.EveryBlock;
        using (var csv = new IndexCsv(index, hasMetadata))
        {
            foreach (SetRow row in SetRows.Read(store))
            {
                cancellation.ThrowIfCancellationRequested();
                csv.Add(row);
                counts.Add(row);
            }
        }

        counts.Settle(() => SetRows.Read(store));
        summary.Write(JsonSerializer.SerializeToUtf8Bytes(SetSummary.Of(store, counts), DatasetJson.Options));
        summary.Write("\n"u8);
    }
}
