using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Koalarization.Dataset.Storage;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.JobStorage;

/// <summary>
/// The jobs of a store: <c>.koala/jobs/ID/N.json</c>, a sequence for each job. The last file counts, none ever changes, and each is durable before its job is
/// acknowledged.
/// </summary>
/// <param name="store">The store's folder; with a scratch space, to write.</param>
internal sealed class JobLog(FileDataStore store)
{
    private const string Folder = DataLayout.State + "/jobs";
    private const string Ending = ".json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        WriteIndented = true,
    };

    /// <summary>
    /// The jobs, each by its newest file, and why one cannot be read: it says nothing of the others. The job with the newest file comes first, those that cannot be read
    /// come last.
    /// </summary>
    public IReadOnlyList<(JobEntry Entry, string? Fault)> ReadAll() =>
    [
        .. store.List(Folder)
            .Where(JobId.IsId)
            .Select(id => NewestOrFault(new JobId(id)))
            .OfType<(JobEntry Entry, DateTimeOffset At, string? Fault)>()
            .OrderByDescending(job => job.At)
            .Select(job => (job.Entry, job.Fault)),
    ];

    /// <summary>Publishes a job's next file, durably. Of several that are published at once each gets a number of its own.</summary>
    /// <param name="job">The job.</param>
    /// <param name="spec">What is asked for.</param>
    /// <param name="isCancelled">Whether it cancels the job.</param>
    /// <param name="by">The process that publishes, one file at a time.</param>
    /// <param name="at">When.</param>
    public JobEntry Append(JobId job, JobSpec spec, bool isCancelled, string by, DateTimeOffset at)
    {
        for (int number = Numbers(job).DefaultIfEmpty(0).Max() + 1; ; number++)
        {
            byte[] content = JsonSerializer.SerializeToUtf8Bytes(new JobLogEntry(by, at, isCancelled, spec), Json);
            Publish(NameOf(job, number), content);

            // Whose file it is is read back: the answer to a publishing can be lost.
            if (Read(job, number).By == by)
            {
                return new JobEntry(job, number, spec, isCancelled);
            }
        }
    }

    private static string NameOf(JobId job, int number) => string.Create(CultureInfo.InvariantCulture, $"{Folder}/{job}/{number}{Ending}");

    // A store that does not answer is no job's fault.
    private (JobEntry Entry, DateTimeOffset At, string? Fault)? NewestOrFault(JobId job)
    {
        try
        {
            return Newest(job) is (JobEntry entry, DateTimeOffset at) ? (entry, at, null) : null;
        }
        catch (Exception exception) when (exception is InvalidDataException or UnauthorizedAccessException or NotRegularFileException)
        {
            return (new JobEntry(job, Numbers(job).Max(), new JobSpec { Source = "", Data = "" }, IsCancelled: false), DateTimeOffset.MinValue,
                $"{exception.Message.TrimEnd('.')}; remove {Folder}/{job} from the store, or submit the job again");
        }
    }

    private (JobEntry Entry, DateTimeOffset At)? Newest(JobId job)
    {
        int newest = Numbers(job).DefaultIfEmpty(0).Max();
        if (newest == 0)
        {
            return null;
        }

        JobLogEntry file = Read(job, newest);
        return (new JobEntry(job, newest, file.Spec, file.IsCancelled), file.At);
    }

    private IEnumerable<int> Numbers(JobId job) =>
        store.List($"{Folder}/{job}")
            .Where(name => name.EndsWith(Ending, StringComparison.Ordinal))
            .Select(name => int.TryParse(name.AsSpan(0, name.Length - Ending.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)
            .Where(number => number > 0);

    private void Publish(string name, byte[] content)
    {
        using (IDraft draft = store.NewDraft(content))
        {
            store.Flush([draft]);
            store.Publish(draft, name);
        }

        store.FlushNames(Path.GetDirectoryName(name)!);
    }

    private JobLogEntry Read(JobId job, int number)
    {
        string name = NameOf(job, number);
        RegularFile.Refuse(store.PathOf(name));
        using Stream content = store.Open(name);
        try
        {
            return JsonSerializer.Deserialize<JobLogEntry>(content, Json) is { Spec: not null, By: not null } entry
                ? entry
                : throw new InvalidDataException($"{name} is not a file that this version of koala wrote: a part is missing");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{name} is not a file that this version of koala wrote: it cannot be read at {FileFaults.PlaceOf(exception)}.", exception);
        }
    }

    private sealed record JobLogEntry(string By, DateTimeOffset At, bool IsCancelled, JobSpec Spec);
}
