using System.Text.Json.Serialization;

namespace Koalarization.Dataset.State;

/// <summary>What has a data set in work.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DataOwnerKind>))]
public enum DataOwnerKind
{
    /// <summary>Nobody: whoever had it let go of it, and an open round waits for no one.</summary>
    [JsonStringEnumMemberName("nobody")]
    Nobody,

    /// <summary>A run of one process, which holds the lock.</summary>
    [JsonStringEnumMemberName("run")]
    Run,

    /// <summary>A cluster, whose coordinator this is.</summary>
    [JsonStringEnumMemberName("cluster")]
    Cluster,
}
