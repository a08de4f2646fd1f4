namespace Koalarization.Harvest.Links;

/// <summary>One row of a list with columns.</summary>
/// <param name="Number">Its line or item number, from 1.</param>
/// <param name="Fields">Its columns, in the list's order.</param>
internal sealed record ListRecord(long Number, IReadOnlyList<ListField> Fields)
{
    /// <summary>What is wrong with the row as a whole; null: nothing.</summary>
    public LinkLineKind? Problem { get; init; }

    /// <summary>The row as it may be shown.</summary>
    public string Text { get; init; } = "";

    /// <summary>The value of a column; null where the row has none.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (ListField field in Fields)
            {
                if (string.Equals(field.Name, name, StringComparison.Ordinal))
                {
                    return field.Value;
                }
            }

            return null;
        }
    }
}

/// <summary>One field of a row.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Value">The value as text; null where there is none.</param>
internal readonly record struct ListField(string Name, string? Value);
