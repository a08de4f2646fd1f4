using Google.Protobuf;

namespace Koalarization.Cluster.Wire;

/// <summary>One message as it crosses between nodes.</summary>
/// <param name="manifest">Its name on the wire, two letters, never given to another.</param>
/// <param name="type">Its type here.</param>
internal abstract class WireEntry(string manifest, Type type)
{
    public string Manifest => manifest;

    public Type Type => type;

    public abstract byte[] ToBytes(object message);

    public abstract object FromBytes(byte[] bytes);

    /// <summary>A message and its schema.</summary>
    public static WireEntry Of<TMessage, TWire>(string manifest, Func<TMessage, TWire> toWire, Func<TWire, TMessage> fromWire)
        where TMessage : IWireMessage
        where TWire : IMessage<TWire>, new() =>
        new Mapped<TMessage, TWire>(manifest, toWire, fromWire);

    /// <summary>A message without fields.</summary>
    public static WireEntry Of<TMessage>(string manifest, TMessage message)
        where TMessage : IWireMessage =>
        new Mapped<TMessage, Proto.Nothing>(manifest, _ => new Proto.Nothing(), _ => message);

    private sealed class Mapped<TMessage, TWire>(string manifest, Func<TMessage, TWire> toWire, Func<TWire, TMessage> fromWire)
        : WireEntry(manifest, typeof(TMessage))
        where TMessage : IWireMessage
        where TWire : IMessage<TWire>, new()
    {
        private static readonly MessageParser<TWire> Parser = new(() => new TWire());

        public override byte[] ToBytes(object message) => toWire((TMessage)message).ToByteArray();

        public override object FromBytes(byte[] bytes) => fromWire(Parser.ParseFrom(bytes));
    }
}
