using Koalarization.Dataset.Composition;

namespace Koalarization.Pipeline.Records;

/// <summary>
/// Pictures that this node's embedder decoded for records which this node writes, so that a picture is decoded once. A record's writer claims its pictures
/// before it asks for their logits; the resizer that decodes a claimed picture keeps it here, and the writer takes it out. Thread-safe.
/// </summary>
internal sealed class DecodedPictures
{
    /// <summary>Pictures kept at once, 268 kB each: as many as one record has requested at a time. Others are decoded a second time.</summary>
    public const int MaxPictures = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<PictureId, PreparedPicture?> _claimed = [];
    private int _kept;

    /// <summary>Keeps a picture that is claimed; its pixels then belong to the claim.</summary>
    /// <returns>Whether it is kept. If not, it stays the caller's.</returns>
    public bool TryKeep(PictureId id, PreparedPicture picture)
    {
        lock (_gate)
        {
            if (_kept == MaxPictures || !_claimed.TryGetValue(id, out PreparedPicture? earlier) || earlier is not null)
            {
                return false;
            }

            _claimed[id] = picture;
            _kept++;
            return true;
        }
    }

    /// <summary>The claims of one record's writer; disposed, with what was kept for them and not taken.</summary>
    public sealed class Claims(DecodedPictures pictures) : IDisposable
    {
        private readonly HashSet<PictureId> _own = [];

        /// <summary>Claims pictures; those that another record's writer has claimed stay that one's.</summary>
        public void Add(IEnumerable<PictureId> ids)
        {
            lock (pictures._gate)
            {
                foreach (PictureId id in ids)
                {
                    if (pictures._claimed.TryAdd(id, null))
                    {
                        _own.Add(id);
                    }
                }
            }
        }

        /// <summary>Ends the claim of a picture, and returns the picture if it was kept; it then belongs to the caller.</summary>
        public PreparedPicture? Take(PictureId id)
        {
            lock (pictures._gate)
            {
                if (!_own.Remove(id) || !pictures._claimed.Remove(id, out PreparedPicture? kept) || kept is null)
                {
                    return null;
                }

                pictures._kept--;
                return kept;
            }
        }

        public void Dispose()
        {
            PictureId[] left;
            lock (pictures._gate)
            {
                left = [.. _own];
            }

            foreach (PictureId id in left)
            {
                Take(id)?.Dispose();
            }
        }
    }
}
