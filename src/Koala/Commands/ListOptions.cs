using System.CommandLine;
using Koalarization.Harvest.Links;

namespace Koalarization.Koala.Commands;

/// <summary>How a list of links is read, where its content does not show it.</summary>
internal sealed class ListOptions
{
    private readonly Option<string?> _format = new Option<string?>("--format")
    {
        Description = "Format of the list (default: by its content)",
    }.OneOf("text", "csv", "tsv", "json", "jsonl", "parquet");

    private readonly Option<string?> _urlColumn = new("--url-column")
    {
        Description = "Column of the URLs, by name or number (default: by name, else by values)",
        HelpName = "COLUMN",
    };

    public void AddTo(Command command)
    {
        command.Add(_format);
        command.Add(_urlColumn);
    }

    public string? Format(ParseResult arguments) => arguments.GetValue(_format);

    public string? UrlColumn(ParseResult arguments) => arguments.GetValue(_urlColumn);

    public ListReading Reading(ParseResult arguments) => new() { Format = ListReading.FormatOf(Format(arguments)), UrlColumn = UrlColumn(arguments) };
}
