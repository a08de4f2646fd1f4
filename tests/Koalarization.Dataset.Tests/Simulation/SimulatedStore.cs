using System.Text;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Tests.Simulation;

/// <summary>A store on a simulated disk, as one process sees it.</summary>
internal class SimulatedStore(SimulatedMachine machine, string owner) : IDataStore
{
    private const string Temporary = ".koala/tmp";
    private int _next;

    /// <summary>Whether the answer to every publishing is lost, so that it looks as if the name had been taken.</summary>
    public bool LosesReplies { get; init; }

    public static string FolderOf(string name) => name.LastIndexOf('/') is > 0 and int end ? name[..end] : "";

    /// <summary>Removes what other owners left in their temporary spaces, as the holder of the lock does at start.</summary>
    public void RemoveOthers()
    {
        foreach (string name in machine.Disk.Names.Keys.Where(name => name.StartsWith(Temporary + "/", StringComparison.Ordinal)))
        {
            Remove(name);
        }
    }

    public IReadOnlyList<string> List(string folder)
    {
        string start = folder.Length == 0 ? "" : folder + "/";
        return
        [
            .. machine.Disk.Names.Keys.Where(name => name.StartsWith(start, StringComparison.Ordinal)).Select(name => name[start.Length..].Split('/')[0])
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
    }

    public long? SizeOf(string name) => machine.Disk.Names.TryGetValue(name, out SimulatedContent? content) ? content.Text.Length : null;

    public Stream Open(string name) =>
        machine.Disk.Names.TryGetValue(name, out SimulatedContent? content)
            ? new MemoryStream(Encoding.Latin1.GetBytes(content.Text), writable: false)
            : throw new FileNotFoundException(name);

    public IDraft NewDraft()
    {
        string name = $"{Temporary}/{owner}/{Interlocked.Increment(ref _next)}";
        machine.Step(owner, disk => disk.WithContent(name, new SimulatedContent("", Durable: false)).WithName(name, name));
        return new SimulatedDraft(this, name);
    }

    public virtual void Flush(IReadOnlyCollection<IDraft> drafts) =>
        machine.Step(owner, disk => drafts.Cast<SimulatedDraft>().Aggregate(
            disk, (flushed, draft) => flushed.WithContent(draft.Name, new SimulatedContent(draft.Text, Durable: true))));

    public bool Publish(IDraft draft, string name)
    {
        var written = (SimulatedDraft)draft;
        machine.Step(owner, disk => disk.ContentOf(written.Name).Durable ? disk : disk.WithContent(written.Name, new SimulatedContent(written.Text, Durable: false)));
        bool published = Link(written.Name, name);
        written.Dispose();
        return published;
    }

    public bool PublishAlso(string existing, string name) => Link(existing, name);

    public void Replace(IDraft draft, string name)
    {
        var written = (SimulatedDraft)draft;
        machine.Step(owner, disk => disk.WithName(name, written.Name));
        written.Dispose();
    }

    public virtual void FlushNames(string folder) => machine.Step(owner, disk => disk.WithDurableNames(folder));

    public void Remove(string name)
    {
        if (machine.Disk.IdOf(name) is not null)
        {
            machine.Step(owner, disk => disk.WithName(name, ""));
        }
    }

    private bool Link(string existing, string name) => machine.Step(owner, disk =>
    {
        string id = disk.IdOf(existing) ?? throw new FileNotFoundException(existing);
        return disk.IdOf(name) is null ? (disk.WithName(name, id), !LosesReplies) : (disk, false);
    });

    private sealed class SimulatedDraft(SimulatedStore store, string name) : IDraft
    {
        private readonly MemoryStream _content = new();

        public string Name => name;

        public string Text => Encoding.Latin1.GetString(_content.ToArray());

        public Stream Content => _content;

        public void Dispose()
        {
            try
            {
                store.Remove(name);
            }
            catch (CrashException)
            {
                // The dead leave what they have.
            }
        }
    }
}
