namespace Koalarization.Inception.Labels;

/// <summary>
/// The opcodes that a dict of numbers and strings is written with (Python's <c>pickletools</c>, protocols 0 to 5). What looks up,
/// builds or calls anything is not among them.
/// </summary>
internal enum PickleOpcode : byte
{
    Mark = (byte)'(',
    Stop = (byte)'.',
    Int = (byte)'I',
    BinInt = (byte)'J',
    BinInt1 = (byte)'K',
    Long = (byte)'L',
    BinInt2 = (byte)'M',
    String = (byte)'S',
    BinString = (byte)'T',
    ShortBinString = (byte)'U',
    Unicode = (byte)'V',
    BinUnicode = (byte)'X',
    Dict = (byte)'d',
    Get = (byte)'g',
    BinGet = (byte)'h',
    LongBinGet = (byte)'j',
    Put = (byte)'p',
    BinPut = (byte)'q',
    LongBinPut = (byte)'r',
    SetItem = (byte)'s',
    SetItems = (byte)'u',
    EmptyDict = (byte)'}',
    Proto = 0x80,
    Long1 = 0x8A,
    ShortBinUnicode = 0x8C,
    BinUnicode8 = 0x8D,
    Memoize = 0x94,
    Frame = 0x95,
}
