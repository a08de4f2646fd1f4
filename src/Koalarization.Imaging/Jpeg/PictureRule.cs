namespace Koalarization.Imaging.Jpeg;

/// <summary>Which JPEGs are whole. A data set keeps the rule that it was begun with; the numbers are written into <c>job.json</c>.</summary>
public enum PictureRule
{
    /// <summary>Decoded without any warning of the library but "extraneous bytes before marker". Version 0.1.0; sets without a number.</summary>
    WithoutWarnings = 1,

    /// <summary>Every block of every row was decoded from the file's own data, whatever else is wrong with the file.</summary>
    EveryBlock = 2,

    /// <summary>What new data sets are begun with.</summary>
    Newest = EveryBlock,
}
