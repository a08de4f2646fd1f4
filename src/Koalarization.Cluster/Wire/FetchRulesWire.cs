using System.Reflection;
using Google.Protobuf.Reflection;
using Koalarization.Dataset.State;

namespace Koalarization.Cluster.Wire;

/// <summary><see cref="FetchRules"/> on the wire: each property is the field of <c>fetch.proto</c> with the same name, and one that is null is not written.</summary>
internal static class FetchRulesWire
{
    private static readonly (PropertyInfo Property, FieldDescriptor Field)[] Fields =
    [
        .. typeof(FetchRules).GetProperties().Select(property => (
            property,
            Proto.FetchRules.Descriptor.Fields.InDeclarationOrder().FirstOrDefault(field => field.PropertyName == property.Name)
                ?? throw new InvalidOperationException($"{property.Name} has no field in fetch.proto."))),
    ];

    public static Proto.FetchRules ToWire(this FetchRules rules)
    {
        var wire = new Proto.FetchRules();
        foreach ((PropertyInfo property, FieldDescriptor field) in Fields)
        {
            if (property.GetValue(rules) is object value)
            {
                field.Accessor.SetValue(wire, value);
            }
        }

        return wire;
    }

    public static FetchRules FromWire(this Proto.FetchRules wire)
    {
        var rules = new FetchRules();
        foreach ((PropertyInfo property, FieldDescriptor field) in Fields.Where(pair => pair.Field.Accessor.HasValue(wire)))
        {
            property.SetValue(rules, field.Accessor.GetValue(wire));
        }

        return rules;
    }
}
