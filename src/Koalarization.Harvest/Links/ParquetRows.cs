using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace Koalarization.Harvest.Links;

/// <summary>
/// The rows of a Parquet file, one row group in memory at a time. Columns of text and numbers are kept; nested ones and bytes are not, nor numbers in an encoding
/// that the library cannot read.
/// </summary>
internal static class ParquetRows
{
    private static readonly Type Chars = typeof(ReadOnlyMemory<char>);
    private static readonly Type Bytes = typeof(ReadOnlyMemory<byte>);

    /// <summary>Reads a file as a stream of rows.</summary>
    /// <param name="source">The list as the user named it.</param>
    /// <param name="file">The file; can be read from anywhere, and stays the caller's.</param>
    /// <param name="leftOut">Gets the names of the columns that are not kept.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="LinkSourceException">It is damaged, or no Parquet file.</exception>
    public static async IAsyncEnumerable<ListRecord> ReadAsync(string source, Stream file, ISet<string> leftOut, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using ParquetReader reader = await GuardedAsync(source, () => ParquetReader.CreateAsync(file, leaveStreamOpen: true, cancellationToken: cancellation));
        DataField[] fields = [.. reader.Schema.Fields.OfType<DataField>().Where(IsKept)];
        leftOut.UnionWith(reader.Schema.Fields.Select(field => field.Name).Except(fields.Select(field => field.Name)));
        long number = 0;
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
            var columns = new string?[fields.Length][];
            for (int i = 0; i < fields.Length; i++)
            {
                DataField field = fields[i];
                columns[i] = field.ClrType == Chars || field.ClrType == Bytes
                    ? await GuardedAsync(source, () => TextsAsync(rows, field, cancellation))
                    : await NumbersAsync(rows, field, leftOut, cancellation);
            }

            for (int row = 0; row < rows.RowCount; row++)
            {
                cancellation.ThrowIfCancellationRequested();
                var values = new ListField[fields.Length];
                for (int i = 0; i < fields.Length; i++)
                {
                    values[i] = new ListField(fields[i].Name, columns[i][row]);
                }

                yield return new ListRecord(++number, values);
            }
        }
    }

    // Bytes may be pictures: they are taken for text only where the name is one of URLs.
    private static bool IsKept(DataField field) =>
        !field.IsArray && field.SchemaType == SchemaType.Data && (field.ClrType != Bytes || field.Name.Contains("url", StringComparison.OrdinalIgnoreCase));

    private static async Task<string?[]> TextsAsync(ParquetRowGroupReader rows, DataField field, CancellationToken cancellation)
    {
        int count = checked((int)rows.RowCount);
        if (!rows.ColumnExists(field))
        {
            return new string?[count];
        }

        if (field.ClrType == Chars)
        {
            var texts = new string?[count];
            await rows.ReadAsync(field, texts.AsMemory()!, cancellationToken: cancellation);
            return texts;
        }

        var bytes = new byte[]?[count];
        await rows.ReadAsync(field, bytes.AsMemory()!, cancellationToken: cancellation);
        return [.. bytes.Select(value => value is null ? null : Encoding.UTF8.GetString(value))];
    }

    private static async Task<string?[]> NumbersAsync(ParquetRowGroupReader rows, DataField field, ISet<string> leftOut, CancellationToken cancellation)
    {
        int count = checked((int)rows.RowCount);
        try
        {
            return leftOut.Contains(field.Name) || !rows.ColumnExists(field) ? new string?[count] : await NumbersAsync(rows, field, count, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            leftOut.Add(field.Name);
            return new string?[count];
        }
    }

    private static async Task<string?[]> NumbersAsync(ParquetRowGroupReader rows, DataField field, int count, CancellationToken cancellation) =>
        field.ClrType switch
        {
            Type type when type == typeof(int) => await NumbersAsync<int>(rows, field, count, cancellation),
            Type type when type == typeof(long) => await NumbersAsync<long>(rows, field, count, cancellation),
            Type type when type == typeof(double) => await NumbersAsync<double>(rows, field, count, cancellation),
            Type type when type == typeof(float) => await NumbersAsync<float>(rows, field, count, cancellation),
            Type type when type == typeof(bool) => await NumbersAsync<bool>(rows, field, count, cancellation),
            Type type when type == typeof(short) => await NumbersAsync<short>(rows, field, count, cancellation),
            Type type when type == typeof(ushort) => await NumbersAsync<ushort>(rows, field, count, cancellation),
            Type type when type == typeof(byte) => await NumbersAsync<byte>(rows, field, count, cancellation),
            Type type when type == typeof(sbyte) => await NumbersAsync<sbyte>(rows, field, count, cancellation),
            Type type when type == typeof(uint) => await NumbersAsync<uint>(rows, field, count, cancellation),
            Type type when type == typeof(ulong) => await NumbersAsync<ulong>(rows, field, count, cancellation),
            Type type when type == typeof(decimal) => await NumbersAsync<decimal>(rows, field, count, cancellation),
            Type type when type == typeof(DateTime) => await NumbersAsync<DateTime>(rows, field, count, cancellation),
            _ => throw new NotSupportedException(),
        };

    private static async Task<string?[]> NumbersAsync<T>(ParquetRowGroupReader rows, DataField field, int count, CancellationToken cancellation)
        where T : struct
    {
        if (field.IsNullable)
        {
            var some = new T?[count];
            await rows.ReadAsync(field, some.AsMemory(), cancellationToken: cancellation);
            return [.. some.Select(value => value is T number ? Text(number) : null)];
        }

        var all = new T[count];
        await rows.ReadAsync(field, all.AsMemory(), cancellationToken: cancellation);
        return [.. all.Select(number => (string?)Text(number))];
    }

    private static string Text<T>(T value)
        where T : struct => value switch
        {
            bool isTrue => isTrue ? "true" : "false",
            DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    // The library answers damage with many kinds of exceptions.
    private static async Task<T> GuardedAsync<T>(string source, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new LinkSourceException(source, "the Parquet file is damaged or cut short", exception);
        }
    }
}
