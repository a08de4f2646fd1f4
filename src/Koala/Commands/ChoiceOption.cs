using System.CommandLine;

namespace Koalarization.Koala.Commands;

/// <summary>An option whose values are the names of an enumeration, in lower case.</summary>
internal sealed class ChoiceOption<T> : Option<string>
    where T : struct, Enum
{
    private static readonly string[] Names = [.. Enum.GetNames<T>().Select(NameOf)];

    /// <param name="defaultValue">The default; null: the option is required.</param>
    public ChoiceOption(string name, string description, T? defaultValue)
        : base(name)
    {
        Description = description;
        HelpName = string.Join('|', Names);
        Required = defaultValue is null;
        if (defaultValue is T value)
        {
            DefaultValueFactory = _ => NameOf(value);
        }

        CompletionSources.Add(Names);
        Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string text }, ..] && !Names.Contains(text, StringComparer.Ordinal))
            {
                result.AddError(Choices.Refusal(name, Names, text));
            }
        });
    }

    /// <summary>The name of a value on the command line.</summary>
    public static string NameOf(T value) => NameOf(value.ToString());

    /// <summary>The value that the user chose, or the default.</summary>
    public T Choice(ParseResult arguments) => Enum.Parse<T>(arguments.GetRequiredValue(this), ignoreCase: true);

#pragma warning disable CA1308 // Users write lower case.
    private static string NameOf(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308
}
