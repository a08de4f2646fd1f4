namespace Koalarization.Imaging.Jpeg;

/// <summary>One marker as met while walking through a JPEG.</summary>
/// <param name="Marker">The marker's second byte.</param>
/// <param name="MarkerOffset">The offset of its second byte.</param>
/// <param name="GapOffset">Where the bytes begin between the previous segment's end and this marker; they are no marker's.</param>
/// <param name="GapBytes">How many such bytes there are ("extraneous"), FF fill bytes directly before the marker not counted.</param>
/// <param name="Body">The segment's contents behind its length; empty for markers without a segment.</param>
internal readonly record struct JpegSegment(byte Marker, int MarkerOffset, int GapOffset, int GapBytes, Range Body);
