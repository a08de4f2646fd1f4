namespace Koalarization.Koala.Inspect;

/// <summary>One logit of a picture, with the name of its class.</summary>
internal readonly record struct NamedLogit(int Logit, string Name, float Value);
