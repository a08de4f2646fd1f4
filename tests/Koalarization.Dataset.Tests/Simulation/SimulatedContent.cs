namespace Koalarization.Dataset.Tests.Simulation;

/// <summary>Bytes, and whether they survive a power loss.</summary>
internal sealed record SimulatedContent(string Text, bool Durable)
{
    /// <summary>What may be left of it after a power loss.</summary>
    public IEnumerable<SimulatedContent> AfterPowerLoss() =>
        Durable ? [this] : [this with { Durable = true }, new("", Durable: true), new(Text[..(Text.Length / 2)], Durable: true)];
}
