using System.Text.RegularExpressions;

namespace Koalarization.Integration;

/// <summary>
/// Keeps the project's retired private vocabulary out: code, tests and pages use the field's words. Names on disk and on the wire stay as they are
/// (the columns <c>place</c> and <c>words</c>, the owner kind <c>nobody</c>).
/// </summary>
public sealed class PlainWordsTests
{
    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Compiled;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Whole identifiers that were replaced.</summary>
    private static readonly string[] Identifiers =
    [
        "Doors?", "JobsDoor", "ControlDoor", "DoorException", "DoorTrouble", "JobOrder", "IJobDesk", "JobDesk", "JobDeskOptions", "RunDesk", "FakeDesk",
        "DeskLine", "DeskWork", "DeskAnswer", "DeskSpaces", "OwnerSpace", "JobFiles", "JobFile", "JobBoard", "SliceDeal", "Dealt", "NodeTable", "NodeCard",
        "NodeWelcomed", "NodeAsk", "NodeAnswer", "SliceNoted", "ToldAgain", "Careful", "IsCareful", "JobViews", "PlaceLender", "HostLending", "HostLoans",
        "Borrower", "LentHosts", "LentPlaces", "LentJobPlaces", "OwnPlaces", "IJobPlaces", "IHostPlaces", "IPlaceSource", "LocalPlaces", "PlacesActor",
        "PlacesMail", "HostsUsed", "HostsLent", "PlaceShares", "CreditDivision", "HarvestGate", "GateLoad", "Admission", "TurnedAway", "Harvester",
        "HarvestOptions", "HarvestNotice", "HarvestedLink", "IWeb", "NetworkWatch", "AlarmState", "NetworkSign", "OpenOutcome", "SilenceBelieved", "EmbedDesk",
        "AskerQueues", "AskedGroup", "EmbedSending", "GrantBook", "PickedRouting", "DeviceRack", "InferenceLanes?", "LinkWorker", "SliceWork", "RoundInWork",
        "RoundsInWork", "SliceAppetite", "HeldSlices?", "LeavingNode", "CoreFitter", "ChildFitter", "ResizerFitter", "IPictureFitter", "FittedPicture",
        "RecordWriting", "RecordPatience", "WriteTurns", "NodePlace", "NodeParts", "FetchParts", "RecordWriterParts", "CoordinatorParts", "KoalaParts",
        "EpochBook", "MemberBook", "MembersActor", "NodeVoice", "HarvestVoice", "SaidOptions", "IsSaid", "Examination", "Verdict", "VerdictAwaited",
        "FindingWords", "SliceCrew", "JobTold", "Era", "Rested", "RestOver", "PatienceOver", "TellOthers",
    ];

    /// <summary>Forms of names: in code only, where a sentence cannot begin with them.</summary>
    private static readonly string[] Forms =
    [
        @"\b(Most|Usual)[A-Z]\w*", @"\b(Say|Hear|LetGo|Told)([A-Z]\w*)?\b(?=[(;<])", @"\bTell[A-Z]\w*", @"\.(Word|LetGo)\b", @"\b(class|record|struct|enum|interface) (Word|Hear)\b",
        @"\bI?[A-Z]\w*(Desk|Voice|Lender|Rack|Crew)\b",
    ];

    /// <summary>Sentences and words that people read.</summary>
    private static readonly string[] Sentences =
    [
        "Be one node of a cluster", "until it is told to leave", "Say how far a job", "\"Who asks", "Tell what became of", "Go on with a data set that a cluster has in work",
        "asks for less", "nothing is fetched from it for", @"\bRecord \S+ stands\b", "is here as", "is refused: a later epoch", "lets a second file take", "makes no sense", "it cannot be now",
        "a beginning of it that no other has", @"\banew\b", @"\bsomebody\b", "(?<![.\"])\\bnobody\\b(?![\"`])",
    ];

    private static readonly string Root = Path.GetFullPath(Path.Combine(Golden.Folder, "..", ".."));

    private static readonly Regex Name = new($@"\b({string.Join('|', Identifiers)})\b", Options, Timeout);

    private static readonly Regex Form = new(string.Join('|', Forms), Options, Timeout);

    private static readonly Regex Sentence = new(string.Join('|', Sentences), Options | RegexOptions.IgnoreCase, Timeout);

    [Fact]
    public void Code_tests_and_pages_use_the_words_of_the_field()
    {
        string[] found = [.. Files().SelectMany(Lines).SelectMany(Found)];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    private static IEnumerable<string> Found((string File, int Number, string Line) line)
    {
        bool isCode = line.File.EndsWith(".cs", StringComparison.Ordinal);
        string code = isCode ? line.Line.Split("//")[0] : "";
        bool isDoctor = line.File.StartsWith("src/Koala/Doctor/", StringComparison.Ordinal);
        IEnumerable<string> found =
        [
            .. Name.Matches(line.Line).Concat(Form.Matches(code)).Concat(Sentence.Matches(line.Line)).Select(match => match.Value),
            .. isDoctor && Regex.IsMatch(code, @"\bFinding\b", Options, Timeout) ? ["Finding"] : (string[])[],
        ];
        return found.Select(word => $"{line.File}:{line.Number}: {word}");
    }

    private static IEnumerable<(string File, int Number, string Line)> Lines(string file) =>
        File.ReadLines(Path.Combine(Root, file)).Select((line, i) => (file, i + 1, line));

    private static IEnumerable<string> Files() =>
        new[] { "src", "tests", "docs" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".md" or ".proto" or ".conf")
            .Append(Path.Combine(Root, "README.md"))
            .Append(Path.Combine(Root, "CONTRIBUTING.md"))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "obj" or "bin" or "golden") && !file.EndsWith("/PlainWordsTests.cs", StringComparison.Ordinal));
}
