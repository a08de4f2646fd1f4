namespace Koalarization.Harvest;

/// <summary>Something about fetching as a whole that the user should know.</summary>
public abstract record HarvestNotice;

/// <summary>The network looks broken: fetching waits until it is back.</summary>
/// <param name="Fault">What looks broken.</param>
/// <param name="Links">Links that failed so and are not judged.</param>
/// <param name="Probed">
/// How many hosts that ought to answer did not. 0: none has answered yet and the user named none, so that the links may as well be dead.
/// </param>
public sealed record NetworkLost(NetworkFault Fault, int Links, int Probed) : HarvestNotice;

/// <summary>The network is back: fetching goes on.</summary>
/// <param name="Links">Links that are tried again, at no charge.</param>
/// <param name="Waited">How long fetching waited.</param>
public sealed record NetworkBack(int Links, TimeSpan Waited) : HarvestNotice;

/// <summary>Few hosts were silent, and stayed so while fetching waited: their links are taken for dead, and fetching goes on.</summary>
/// <param name="Links">Links whose failure stands.</param>
/// <param name="Waited">How long fetching waited.</param>
public sealed record SilenceBelieved(int Links, TimeSpan Waited) : HarvestNotice;

/// <summary>A host refused everything: its links end without a request, but for one every <see cref="HostState.ProbeAfter"/>. Said once of a host.</summary>
/// <param name="Host">The host.</param>
/// <param name="Links">Links that waited for it and end so; later ones do, too.</param>
public sealed record HostGivenUp(LinkHost Host, int Links) : HarvestNotice;

/// <summary>A host asked to be left alone.</summary>
/// <param name="Host">The host.</param>
/// <param name="Pause">For how long nothing is fetched from it.</param>
/// <param name="Places">Requests that may be on the way to it afterwards; null: no limit.</param>
public sealed record HostPaused(LinkHost Host, TimeSpan Pause, int? Places) : HarvestNotice;
