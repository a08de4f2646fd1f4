using System.Text.Json.Serialization;

namespace Koalarization.Dataset.State;

/// <summary>What has a data set in work.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DataOwnerKind>))]
public enum DataOwnerKind
{
    /// <summary>No owner: the last one released it, and an open round waits for none.</summary>
    [JsonStringEnumMemberName("nobody")]
    None,

    /// <summary>A run of one process, which holds the lock.</summary>
    [JsonStringEnumMemberName("run")]
    Run,

    /// <summary>A cluster, whose coordinator this is.</summary>
    [JsonStringEnumMemberName("cluster")]
    Cluster,
}
