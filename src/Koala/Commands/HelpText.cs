using System.CommandLine;
using System.Text;

namespace Koalarization.Koala.Commands;

/// <summary>The help of a command as text of a width: usage, arguments, options under headings, examples that can be copied.</summary>
internal static class HelpText
{
    private const int Indent = 2;
    private const int WidestName = 28;

    /// <summary>The help of the program or of one of its commands.</summary>
    /// <param name="command">The command.</param>
    /// <param name="program">The program; null: the command is the program.</param>
    /// <param name="width">Columns; no line is longer, unless it has a single word that is.</param>
    public static string Of(Command command, Command? program, int width)
    {
        var text = new StringBuilder();
        text.AppendJoin('\n', Wrapped(Sentence(command.Description), width)).Append("\n\nUsage:\n");
        AppendWrapped(text, Usage(command, program), Indent, width);
        AppendList(text, "Arguments", [.. command.Arguments.Where(argument => !argument.Hidden).Select(argument => (Label(argument), Explanation(argument)))], width);
        foreach ((string title, IReadOnlyList<Command> commands) in HelpGroups.Of(command.Subcommands))
        {
            AppendList(text, title, [.. commands.Select(one => ($"{one.Name} {Labels(one)}".TrimEnd(), one.Description ?? ""))], width);
        }

        foreach ((string title, IReadOnlyList<Option> options) in HelpGroups.OfOptions([.. command.Options, .. program?.Options.Where(IsForAll) ?? []]))
        {
            AppendList(text, title, [.. options.Select(option => (Label(option), Explanation(option)))], width);
        }

        if (command is KoalaCommand { Examples.Count: > 0 } examples)
        {
            text.Append("\nExamples:\n");
            foreach (string example in examples.Examples)
            {
                AppendExample(text, example, width);
            }
        }

        if (program is null)
        {
            text.Append('\n');
            AppendWrapped(text, "koala COMMAND --help shows the options of a command, and examples.", 0, width);
        }

        return text.ToString();
    }

    /// <summary>A text in lines of at most a width; a word that is longer has a line of its own.</summary>
    private static IEnumerable<string> Wrapped(string text, int width) => Wrapped(text.Split(' ', StringSplitOptions.RemoveEmptyEntries), width);

    private static IEnumerable<string> Wrapped(IEnumerable<string> words, int width)
    {
        var line = new StringBuilder();
        foreach (string word in words)
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }

    private static bool IsForAll(Option option) => option.Recursive;

    private static string Sentence(string? description) => description is null or "" ? "" : description.TrimEnd('.') + ".";

    private static string Usage(Command command, Command? program) =>
        program is null ? "koala COMMAND [OPTIONS]" : $"koala {command.Name} {Labels(command)} [OPTIONS]".Replace("  ", " ", StringComparison.Ordinal);

    private static string Labels(Command command) => string.Join(' ', command.Arguments.Where(argument => !argument.Hidden).Select(Label));

    private static string Label(Argument argument)
    {
        string name = argument.Arity.MaximumNumberOfValues > 1 ? argument.Name + "..." : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    // The program's own names before others: -h rather than -?.
    private static string Label(Option option)
    {
        IEnumerable<string> names = option.Aliases.Where(alias => alias[0] == '-' && char.IsAsciiLetter(alias[^1])).OrderBy(alias => alias.Length).Append(option.Name).Distinct(StringComparer.Ordinal);
        string value = option.ValueType == typeof(bool) || option.ValueType == typeof(bool?) || option.Arity.MaximumNumberOfValues == 0 ? "" : " " + (option.HelpName ?? "VALUE");
        return string.Join(", ", names) + value;
    }

    private static string Explanation(Argument argument) => WithDefault(argument.Description ?? "", argument.HasDefaultValue ? argument.GetDefaultValue() : null);

    private static string Explanation(Option option)
    {
        string description = (option.Description ?? "") + (option.Required ? " (required)" : "");
        return option.HasDefaultValue && option.ValueType != typeof(bool) ? WithDefault(description, option.GetDefaultValue()) : description;
    }

    private static string WithDefault(string description, object? value) =>
        value is null || description.Contains("(default:", StringComparison.Ordinal) || string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}") is not { Length: > 0 } shown
            ? description
            : $"{description} (default: {shown})";

    private static void AppendList(StringBuilder text, string title, IReadOnlyList<(string Name, string Explanation)> items, int width)
    {
        if (items.Count == 0)
        {
            return;
        }

        int column = Indent + Math.Min(items.Max(item => item.Name.Length), Math.Min(WidestName, width / 3)) + 2;
        text.Append('\n').Append(title).Append(":\n");
        foreach ((string name, string explanation) in items)
        {
            string[] lines = [.. Wrapped(explanation, width - column)];
            text.Append(' ', Indent).Append(name);
            int next = 0;
            if (Indent + name.Length + 2 <= column && lines.Length > 0)
            {
                text.Append(' ', column - Indent - name.Length).Append(lines[next++]);
            }

            text.Append('\n');
            foreach (string line in lines.Skip(next))
            {
                text.Append(' ', column).Append(line).Append('\n');
            }
        }
    }

    // Where a line is too long, its comment goes before it, and the shell's sign for a line that goes on between its words.
    private static void AppendExample(StringBuilder text, string example, int width)
    {
        if (Indent + example.Length <= width)
        {
            text.Append(' ', Indent).Append(example).Append('\n');
            return;
        }

        string[] parts = example.Split("  # ", 2);
        if (parts.Length > 1)
        {
            AppendWrapped(text, parts[1].Trim(), Indent, width - 2, "# ");
        }

        string[] lines = [.. Wrapped(WithValues(parts[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)), width - Indent - 4)];
        for (int line = 0; line < lines.Length; line++)
        {
            text.Append(' ', Indent + (line > 0 ? 2 : 0)).Append(lines[line]).Append(line < lines.Length - 1 ? " \\\n" : "\n");
        }
    }

    // An option stays with its value.
    private static IEnumerable<string> WithValues(string[] words)
    {
        for (int at = 0; at < words.Length; at++)
        {
            bool hasValue = words[at][0] == '-' && at + 1 < words.Length && words[at + 1][0] != '-';
            yield return hasValue ? $"{words[at]} {words[++at]}" : words[at];
        }
    }

    private static void AppendWrapped(StringBuilder text, string content, int indent, int width, string start = "")
    {
        foreach (string line in Wrapped(content, width - indent))
        {
            text.Append(' ', indent).Append(start).Append(line).Append('\n');
        }
    }
}
