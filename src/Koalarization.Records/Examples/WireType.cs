namespace Koalarization.Records.Examples;

/// <summary>How the bytes after a protocol buffer tag are laid out.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}
