namespace Koalarization.Dataset.Verifying;

/// <summary>What is wrong with something in a data set; from <see cref="Orphan"/> on, what is only worth knowing.</summary>
public enum FindingKind
{
    /// <summary>It should be there and is not.</summary>
    Missing,

    /// <summary>It is there, under a name of the set, and nothing refers to it.</summary>
    Extra,

    /// <summary>It holds what another name should.</summary>
    Swapped,

    /// <summary>It is not what was written.</summary>
    Changed,

    /// <summary>It cannot be read to its end, or a checksum in it is wrong.</summary>
    Damaged,

    /// <summary>A record has both its names.</summary>
    TwoNames,

    /// <summary>It is committed and a part of the commit is undone.</summary>
    HalfCommitted,

    /// <summary>A round, or the plan of a folder, is not worked off.</summary>
    Unfinished,

    /// <summary>Two parts of the state contradict each other.</summary>
    Contradiction,

    /// <summary>A record holds another picture than it should at an index, or not in order.</summary>
    WrongPicture,

    /// <summary>A record has more or fewer pictures than it should.</summary>
    WrongCount,

    /// <summary>A picture or its logits have another size than they should.</summary>
    WrongShape,

    /// <summary>A number is not finite, or no colour has it.</summary>
    OutOfRange,

    /// <summary>A view is not what the manifests give.</summary>
    StaleView,

    /// <summary>A picture without a row; the next round takes it up.</summary>
    Orphan,

    /// <summary>A killed program left it; the next run removes it.</summary>
    Temporary,

    /// <summary>Something that is not of the set.</summary>
    Foreign,
}
