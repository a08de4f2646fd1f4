using System.CommandLine;

namespace Koalarization.Koala.Commands;

/// <summary>An option that takes the names of an enumeration, in lower case, and nothing else.</summary>
internal sealed class ChoiceOption<T> : Option<string>
    where T : struct, Enum
{
    private static readonly string[] Words = [.. Enum.GetNames<T>().Select(WordOf)];

    /// <param name="usual">What holds where the user says nothing; null: the user must say.</param>
    public ChoiceOption(string name, string description, T? usual)
        : base(name)
    {
        Description = description;
        HelpName = string.Join('|', Words);
        Required = usual is null;
        if (usual is T value)
        {
            DefaultValueFactory = _ => WordOf(value);
        }

        CompletionSources.Add(Words);
        Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string word }, ..] && !Words.Contains(word, StringComparer.Ordinal))
            {
                result.AddError($"{name} takes {string.Join(", ", Words)}, not '{word}'.");
            }
        });
    }

    /// <summary>How a value is written.</summary>
    public static string WordOf(T value) => WordOf(value.ToString());

    /// <summary>What the user chose.</summary>
    public T Choice(ParseResult arguments) => Enum.Parse<T>(arguments.GetRequiredValue(this), ignoreCase: true);

#pragma warning disable CA1308 // Users write lower case.
    private static string WordOf(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308
}
