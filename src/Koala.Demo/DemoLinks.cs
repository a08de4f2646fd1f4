using System.Globalization;
using System.Text;
using Koalarization.Harvest.Links;

namespace Koalarization.Demo;

/// <summary>The demo's link list, like real ones: text before the URLs, comments, and dead links.</summary>
internal sealed class DemoLinks
{
    private readonly StringBuilder _text = new();
    private readonly List<string> _survivors = [];
    private readonly string _root;
    private int _number;

    /// <summary>Lists the pictures of a server, and links that fail.</summary>
    /// <param name="pictures">At least eight.</param>
    /// <param name="root">The server, <c>http://HOST:PORT</c>.</param>
    public DemoLinks(IReadOnlyList<DemoPicture> pictures, string root)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pictures.Count, 8, nameof(pictures));
        _root = root;
        _text.Append("# The pictures of the demo. Lines like this one are comments.\n\n");
        for (int i = 0; i < pictures.Count; i++)
        {
            Add(HowKept(i), pictures[i].Title, survives: true);
        }

        _text.Append("\n# Links that fail.\n");
        string[] failures = ["gone", "gone", "truncated", "broken-off", "stalled", "round", "page", "png", "private", "empty", "failing"];
        for (int i = 0; i < failures.Length; i++)
        {
            Add(failures[i], pictures[i % pictures.Count].Title, survives: false);
        }

        _text.Append(CultureInfo.InvariantCulture, $"n99999998_1\thttp://koala.invalid/{pictures[0].Title}.jpg\n");
        _text.Append(CultureInfo.InvariantCulture, $"n99999999_1\thttpx://koala.invalid/{pictures[0].Title}.jpg\n");
        _text.Append("n00000000_1 a line without a link\n");
    }

    /// <summary>The list.</summary>
    public string Text => _text.ToString();

    /// <summary>The names of the pictures that are kept, at the latest with the second try.</summary>
    public IReadOnlyList<string> Survivors => _survivors;

    private static string HowKept(int index) => index switch
    {
        1 => "moved",
        3 => "slow",
        5 => "busy",
        _ => "photos",
    };

    private void Add(string folder, string title, bool survives)
    {
        string url = $"{_root}/{folder}/{title}.jpg";
        string synset = string.Create(CultureInfo.InvariantCulture, $"n{1_882_714 + (_number / 10):00000000}_{(_number * 37 % 9000) + 1}");
        _number++;
        _text.Append(synset).Append('\t').Append(url).Append('\n');
        if (survives)
        {
            _survivors.Add(Link.NameOf(url));
        }
    }
}
