namespace Koalarization.Pipeline.Resizing;

/// <summary>Decodes pictures and fits them to the job's size. Thread-safe.</summary>
internal interface IPictureResizer
{
    /// <summary>Decodes a whole picture and makes the resized one of it.</summary>
    /// <param name="jpeg">The original's bytes; valid until the task is done.</param>
    /// <param name="cancellation">Ends the wait for a free core, but not the work.</param>
    ValueTask<ResizedPicture> ResizeAsync(ReadOnlyMemory<byte> jpeg, CancellationToken cancellation);
}
