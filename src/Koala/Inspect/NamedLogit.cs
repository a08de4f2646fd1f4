namespace Koalarization.Koala.Inspect;

/// <summary>One logit of a picture, with the class that it stands for.</summary>
internal readonly record struct NamedLogit(int Logit, string Name, float Value);
