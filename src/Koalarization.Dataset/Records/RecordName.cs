using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Koalarization.Dataset.Records;

/// <summary>
/// The name of one TFRecord of a set: <c>lab_images_K.tfrecord</c>, or <c>val_lab_images_K.tfrecord</c> when it was put aside for validation.
/// </summary>
/// <param name="Number">K, from 0.</param>
/// <param name="IsValidation">Whether the record belongs to the validation set.</param>
public readonly record struct RecordName(int Number, bool IsValidation = false)
{
    private const string Training = "lab_images_";
    private const string Validation = "val_" + Training;
    private const string Ending = ".tfrecord";

    /// <summary>The name that the same record has in the other set.</summary>
    public RecordName Other => this with { IsValidation = !IsValidation };

    /// <summary>Reads a file name. Numbers are written without leading zeros, so that one record has one name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? fileName, out RecordName name)
    {
        name = default;
        if (fileName is null || !fileName.EndsWith(Ending, StringComparison.Ordinal))
        {
            return false;
        }

        bool isValidation = fileName.StartsWith(Validation, StringComparison.Ordinal);
        string start = isValidation ? Validation : Training;
        if (!fileName.StartsWith(start, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> digits = fileName.AsSpan(start.Length, fileName.Length - start.Length - Ending.Length);
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || (digits.Length > 1 && digits[0] == '0'))
        {
            return false;
        }

        name = new RecordName(number, isValidation);
        return true;
    }

    /// <summary>Whether a pattern such as <c>lab_images_*.tfrecord</c> takes a file for a record.</summary>
    public static bool Resembles(string fileName) =>
        fileName.EndsWith(Ending, StringComparison.Ordinal)
        && (fileName.StartsWith(Training, StringComparison.Ordinal) || fileName.StartsWith(Validation, StringComparison.Ordinal));

    /// <summary>Whether a file is named as a packed copy of a record is: <c>lab_images_0.tfrecord.zst</c>, <c>.gz</c> or <c>.zlib</c>.</summary>
    public static bool IsOfCopy(string fileName) =>
        Path.GetExtension(fileName) is ".zst" or ".gz" or ".zlib" && TryParse(Path.GetFileNameWithoutExtension(fileName), out _);

    /// <summary>The file name.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(IsValidation ? Validation : Training)}{Number}{Ending}");
}
