namespace Koalarization.Checkpoints.Binary;

/// <summary>Where bytes come from, for errors. Inside a compressed block, offsets are counted from the block's start.</summary>
internal readonly record struct Origin(string File, long Offset)
{
    public Origin Advance(long bytes) => new(File, Offset + bytes);

    public CheckpointException Format(string fault) => new(CheckpointCheck.Format, File, Offset, fault);

    public CheckpointException Checksum(string fault) => new(CheckpointCheck.Checksum, File, Offset, fault);

    public CheckpointException Unsupported(string fault) => new(CheckpointCheck.Unsupported, File, Offset, fault);
}
