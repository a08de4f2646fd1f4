namespace Koalarization.Inception.Devices;

/// <summary>This machine or build cannot run the network as asked; the message is one sentence that says why and what to ask for instead.</summary>
public sealed class EmbedderUnavailableException : Exception
{
    internal EmbedderUnavailableException(EmbedderOptions options, string message)
        : base(message) => Options = options;

    /// <summary>What was asked for.</summary>
    public EmbedderOptions Options { get; }
}
