namespace Koalarization.Inception.Labels;

/// <summary>The stack and the memo of a pickle of one dict: numbers, strings, marks, and the dict itself.</summary>
internal sealed class PickleStack
{
    private static readonly object s_mark = new();

    private readonly List<object> _stack = [];
    private readonly Dictionary<uint, object> _memo = [];
    private Dictionary<int, string>? _dict;

    public void Push(object value) => _stack.Add(value);

    public void PushMark() => _stack.Add(s_mark);

    public void PushDict()
    {
        if (_dict is not null)
        {
            throw new MisuseException("a second dict begins, where one of numbers and names belongs");
        }

        _dict = [];
        _stack.Add(_dict);
    }

    /// <summary>Puts a dict in the place of a mark and the keys and values above it.</summary>
    public void MakeDict()
    {
        int mark = LastMark();
        List<object> items = _stack[(mark + 1)..];
        _stack.RemoveRange(mark, _stack.Count - mark);
        PushDict();
        SetAll(items);
    }

    public void SetItem()
    {
        if (_stack.Count < 3)
        {
            throw new MisuseException("an entry has no key, value or dict");
        }

        SetAbove(_stack.Count - 2, itemsAt: _stack.Count - 2);
    }

    public void SetItems()
    {
        int mark = LastMark();
        SetAbove(mark, itemsAt: mark + 1);
    }

    public void Remember(uint index) =>
        _memo[index] = _stack is [.., { } top] && top != s_mark ? top : throw new MisuseException("nothing is there to be remembered");

    public void RememberNext() => Remember((uint)_memo.Count);

    public void Recall(uint index) =>
        _stack.Add(_memo.TryGetValue(index, out object? value) ? value : throw new MisuseException("something is recalled that was never remembered"));

    /// <summary>The dict, when it is all that is left.</summary>
    public IReadOnlyDictionary<int, string> OnlyDict() =>
        _stack is [Dictionary<int, string> dict] ? dict : throw new MisuseException("the pickle is not one dict of numbers and names");

    private int LastMark()
    {
        int mark = _stack.LastIndexOf(s_mark);
        return mark >= 0 ? mark : throw new MisuseException("a mark is missing");
    }

    // The dict lies right below; entries and the mark go.
    private void SetAbove(int end, int itemsAt)
    {
        if (end == 0 || _stack[end - 1] != _dict)
        {
            throw new MisuseException("an entry belongs to no dict");
        }

        SetAll(_stack[itemsAt..]);
        _stack.RemoveRange(end, _stack.Count - end);
    }

    private void SetAll(List<object> items)
    {
        if (items.Count % 2 != 0)
        {
            throw new MisuseException("a key has no value");
        }

        for (int i = 0; i < items.Count; i += 2)
        {
            if (items[i] is not int key || items[i + 1] is not string name)
            {
                throw new MisuseException("an entry is not a number and a name");
            }

            _dict![key] = name;
        }
    }

    /// <summary>The pickle's program does not fit the stack.</summary>
    internal sealed class MisuseException(string problem) : Exception(problem);
}
