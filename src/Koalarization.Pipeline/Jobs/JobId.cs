using System.Security.Cryptography;
using System.Text;

namespace Koalarization.Pipeline.Jobs;

/// <summary>A job: one list of links to one data folder. Lower-case letters, digits and dashes; made of the folder's name.</summary>
public readonly record struct JobId
{
    /// <summary>An id as a user or a message gives it.</summary>
    /// <exception cref="ArgumentException">It is no id.</exception>
    public JobId(string value)
    {
        if (!IsId(value))
        {
            throw new ArgumentException($"'{value}' is no job's id.", nameof(value));
        }

        Value = value;
    }

    /// <summary>The id's text.</summary>
    public string Value { get; }

    /// <summary>The id of the job that makes a data set: the folder's name, for people, and a hash of its whole path.</summary>
    /// <param name="data">The data set's folder, relative to the store.</param>
    public static JobId Of(string data)
    {
        string path = Normal(data);
        string name = path[(path.LastIndexOf('/') + 1)..];
        string slug = string.Concat(name.ToLowerInvariant().Select(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) ? letter : '-'));
        string words = slug.Trim('-') is { Length: > 0 } some ? some[..Math.Min(some.Length, 40)] : "data";
        return new JobId($"{words}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..8]}");
    }

    /// <summary>A data set's folder as everyone writes it: no empty parts, no dots; <c>.</c> is the store itself.</summary>
    /// <param name="data">The folder, relative to the store.</param>
    public static string Normal(string data)
    {
        string path = string.Join('/', data.Split('/').Where(part => part is not ("" or ".")));
        return path.Length == 0 ? "." : path;
    }

    /// <summary>Whether a text is a job's id.</summary>
    public static bool IsId(string? value) =>
        value is { Length: > 0 and <= 100 } && value.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    /// <inheritdoc/>
    public override string ToString() => Value;
}
