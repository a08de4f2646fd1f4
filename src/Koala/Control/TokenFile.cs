using Koalarization.Dataset.Storage;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Control;

/// <summary>
/// A token in a file, so that it is in no list of processes and no history of a shell. The file is read again each time: a new token counts without a restart, and
/// the last one while the file cannot be read.
/// </summary>
internal sealed class TokenFile
{
    /// <summary>Characters that a token has at least.</summary>
    public const int MinLength = 16;

    private const int MaxLength = 1000;

    private readonly string _path;
    private string _last;

    /// <param name="path">The file.</param>
    /// <exception cref="UserErrorException">It cannot be read, or has no token.</exception>
    public TokenFile(string path)
    {
        _path = path;
        (string? token, string? fault) = Read(path);
        _last = token ?? throw new UserErrorException(fault!, ExitCode.UsageError);
    }

    /// <summary>The token.</summary>
    public string Token => Read(_path).Token is string token ? _last = token : _last;

    private static (string? Token, string? Fault) Read(string path)
    {
        try
        {
            using FileStream file = RegularFile.OpenRead(path);
            using var reader = new StreamReader(file);
            char[] text = new char[MaxLength + 1];
            string token = new string(text, 0, reader.ReadBlock(text)).Trim();
            return token.Length is >= MinLength and <= MaxLength && token.All(letter => char.IsAscii(letter) && !char.IsControl(letter) && letter != ' ')
                ? (token, null)
                : (null, $"the token file {path} needs one line of {MinLength} to {MaxLength} letters, digits and signs; openssl rand -hex 32 makes one.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, $"the token file {path} does not exist; openssl rand -hex 32 makes a token.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, $"the token file {path} cannot be read: {exception.Message.TrimEnd('.')}.");
        }
    }
}
