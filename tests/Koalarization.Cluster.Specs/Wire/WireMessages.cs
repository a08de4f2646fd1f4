using System.Reflection;
using Koalarization.Cluster.Wire;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.Wire;

/// <summary>Every type of message, and messages filled with anything that their types allow.</summary>
internal static class WireMessages
{
    private static readonly NullabilityInfoContext Nullability = new();
    private static readonly Lock Gate = new();

    public static IReadOnlyList<Type> Types { get; } =
        [.. typeof(IWireMessage).Assembly.GetTypes().Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IWireMessage)))];

    // Numbers are counts; folders and names are those that messages may have.
    private static string? Named(string? name, Random random) => name switch
    {
        "Data" => $"sets/{random.Next(100)} 語",
        "Name" => $"{random.Next(100)}%2F語.jpeg",
        _ => null,
    };

    /// <summary>A message of a type: the same for the same seed.</summary>
    public static object Make(Type type, int seed)
    {
        lock (Gate)
        {
            return Fill(type, new Random(seed));
        }
    }

    private static object Fill(Type type, Random random) => type switch
    {
        _ when type == typeof(string) => Text(random),
        _ when type == typeof(int) => random.Next(3) == 0 ? random.Next(2) : random.Next(),
        _ when type == typeof(long) => random.Next(3) == 0 ? random.Next(2) : random.NextInt64(long.MaxValue),
        _ when type == typeof(double) => random.NextDouble() * 1000,
        _ when type == typeof(bool) => random.Next(2) == 0,
        _ when type == typeof(TimeSpan) => TimeSpan.FromTicks(random.NextInt64(long.MaxValue)),
        _ when type == typeof(JobId) => new JobId("job-" + random.Next(1000)),
        _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>(Bytes(random)),
        _ when type.IsEnum => Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length))!,
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => List(type.GenericTypeArguments[0], random),
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) => Dictionary(type, random),
        _ => Record(type, random),
    };

    private static object Record(Type type, Random random)
    {
        ConstructorInfo constructor = type.GetConstructors().MaxBy(one => one.GetParameters().Length)!;
        object record = constructor.Invoke(
            [.. constructor.GetParameters().Select(one => Named(one.Name, random) ?? Maybe(one.ParameterType, Nullability.Create(one).WriteState, random))]);
        foreach (PropertyInfo property in type.GetProperties().Where(one => one.CanWrite && constructor.GetParameters().All(parameter => parameter.Name != one.Name)))
        {
            property.SetValue(record, Named(property.Name, random) ?? Maybe(property.PropertyType, Nullability.Create(property).WriteState, random));
        }

        return record;
    }

    private static object? Maybe(Type type, NullabilityState state, Random random) =>
        state == NullabilityState.Nullable && random.Next(3) == 0 ? null : Fill(Nullable.GetUnderlyingType(type) ?? type, random);

    private static Array List(Type element, Random random)
    {
        var list = Array.CreateInstance(element, random.Next(4));
        for (int i = 0; i < list.Length; i++)
        {
            list.SetValue(Fill(element, random), i);
        }

        return list;
    }

    private static object Dictionary(Type type, Random random)
    {
        object dictionary = Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(type.GenericTypeArguments))!;
        PropertyInfo indexer = dictionary.GetType().GetProperty("Item")!;
        for (int i = random.Next(4); i > 0; i--)
        {
            indexer.SetValue(dictionary, Fill(type.GenericTypeArguments[1], random), [$"{Text(random)}{i}"]);
        }

        return dictionary;
    }

    // Shorter than any bound in bytes, and not only ASCII.
    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => "aZ9 /\n_é語😀".EnumerateRunes().ElementAt(random.Next(9))));

    private static byte[] Bytes(Random random)
    {
        byte[] bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }
}
