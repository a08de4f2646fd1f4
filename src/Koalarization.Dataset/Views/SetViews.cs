using System.Text.Json;

namespace Koalarization.Dataset;

/// <summary>The views of a data set: made anew from its manifests, and replaced whole.</summary>
public static class SetViews
{
    /// <summary>Makes <c>index.csv</c> and <c>dataset.json</c> anew.</summary>
    public static void Replace(IDataStore store)
    {
        using IDraft index = store.NewDraft(), summary = store.NewDraft();
        Write(store, index.Content, summary.Content);
        store.Flush([index]);
        store.Flush([summary]);
        store.Replace(index, DataLayout.Index);
        store.Replace(summary, DataLayout.Summary);
        store.FlushNames("");
    }

    /// <summary>Writes what the views hold, if they are up to date.</summary>
    public static void Write(IDataStore store, Stream index, Stream summary)
    {
        var counts = new SetCounts();
        using (var csv = new IndexCsv(index))
        {
            foreach (SetRow row in SetRows.Read(store))
            {
                csv.Add(row);
                counts.Add(row);
            }
        }

        counts.Settle(() => SetRows.Read(store));
        summary.Write(JsonSerializer.SerializeToUtf8Bytes(SetSummary.Of(store, counts), DatasetJson.Options));
        summary.Write("\n"u8);
    }
}
