using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Koalarization.Checkpoints.Sources;

/// <summary>Which hash each URL had at its first use: one small JSON file a URL, named by the URL's own hash.</summary>
internal sealed partial class PinnedHashes
{
    private const int MaxFileBytes = 1 << 16;

    private readonly string _folder;

    public PinnedHashes(string folder)
    {
        _folder = folder;
    }

    public string FileOf(string url) => Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url))) + ".json");

    public PinnedHash? TryFind(string url)
    {
        string file = FileOf(url);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            if (new FileInfo(file).Length <= MaxFileBytes
                && JsonSerializer.Deserialize(File.ReadAllBytes(file), PinnedHashJson.Default.PinnedHash) is { Sha256: not null } pin)
            {
                return pin;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new CheckpointException(CheckpointCheck.Format, file, null, $"the pinned hash of {url} is not readable, remove this file to pin it again");
    }

    /// <summary>Pins a URL's hash unless one is pinned; gives the one that is pinned then.</summary>
    public PinnedHash PinFirst(PinnedHash pin)
    {
        string temporary = WriteTemporary(pin);
        try
        {
            // A link, unlike a rename, never replaces what another process pinned meanwhile.
            if (Link(temporary, FileOf(pin.Url)) != 0 && !File.Exists(FileOf(pin.Url)))
            {
                File.Move(temporary, FileOf(pin.Url), overwrite: false);
            }
        }
        catch (IOException) when (File.Exists(FileOf(pin.Url)))
        {
            // No links here, and another process was first.
        }
        finally
        {
            File.Delete(temporary);
        }

        return TryFind(pin.Url) ?? pin;
    }

    /// <summary>Pins a URL's hash instead of any pinned before.</summary>
    public void Replace(PinnedHash pin) => File.Move(WriteTemporary(pin), FileOf(pin.Url), overwrite: true);

    private string WriteTemporary(PinnedHash pin)
    {
        Directory.CreateDirectory(_folder);
        string temporary = Path.Combine(_folder, Path.GetRandomFileName() + ".tmp");
        using FileStream file = File.Create(temporary);
        JsonSerializer.Serialize(file, pin, PinnedHashJson.Default.PinnedHash);
        file.Flush(flushToDisk: true);
        return temporary;
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string name);
}

/// <summary>What a URL gave when it was first used.</summary>
internal sealed record PinnedHash(string Url, string Sha256, DateTimeOffset PinnedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(PinnedHash))]
internal sealed partial class PinnedHashJson : JsonSerializerContext;
