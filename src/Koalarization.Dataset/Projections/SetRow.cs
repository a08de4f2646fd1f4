using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Slices;

namespace Koalarization.Dataset.Projections;

/// <summary>One link of a data set, with all that is known of it.</summary>
/// <param name="Link">The link.</param>
/// <param name="Round">The latest round that had it.</param>
/// <param name="Row">Its outcome there; null while that is open.</param>
/// <param name="Record">The record that has its picture, or null.</param>
/// <param name="Index">The picture's index in the record, from 0.</param>
/// <param name="Chroma">The picture's mean chroma.</param>
public sealed record SetRow(PlannedLink Link, int Round, LinkRow? Row, int? Record, int? Index, double? Chroma);
