using System.Reflection;
using Google.Protobuf.Reflection;
using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Wire;

/// <summary>
/// <see cref="JobSpec"/> on the wire: each property is the field of <c>jobs.proto</c> with the same name, and one that is null is not written. A property without a
/// field is an error when this type is first used.
/// </summary>
internal static class JobSpecWire
{
    private static readonly (PropertyInfo Property, FieldDescriptor Field)[] Fields =
    [
        .. typeof(JobSpec).GetProperties().Select(property => (
            property,
            Proto.Spec.Descriptor.Fields.InDeclarationOrder().FirstOrDefault(field => field.PropertyName == property.Name)
                ?? throw new InvalidOperationException($"{property.Name} has no field in jobs.proto."))),
    ];

    public static Proto.Spec ToWire(this JobSpec spec)
    {
        var wire = new Proto.Spec();
        foreach ((PropertyInfo property, FieldDescriptor field) in Fields)
        {
            object? value = property.GetValue(spec);
            if (value is not null)
            {
                field.Accessor.SetValue(wire, value switch
                {
                    JobEnd until => (int)until,
                    FetchRules rules => rules.ToWire(),
                    _ => value,
                });
            }
        }

        return wire;
    }

    public static JobSpec FromWire(this Proto.Spec? wire)
    {
        var spec = new JobSpec { Source = wire.Required().Source, Data = wire.Data };
        foreach ((PropertyInfo property, FieldDescriptor field) in Fields.Where(pair => !pair.Field.HasPresence || pair.Field.Accessor.HasValue(wire)))
        {
            object value = field.Accessor.GetValue(wire);
            property.SetValue(spec, value switch
            {
                int until when property.PropertyType == typeof(JobEnd) => until.As<JobEnd>(),
                Proto.FetchRules rules => rules.FromWire(),
                _ => value,
            });
        }

        return spec;
    }
}
