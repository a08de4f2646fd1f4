using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Tests.Fetching;

/// <summary>Bodies that begin as a JPEG, and a check that takes one for whole when it ends with the end marker.</summary>
internal sealed class TestPictures : IPictureCheck
{
    public static byte[] Whole(int bytes = 4000)
    {
        byte[] body = new byte[bytes];
        byte[] head = [0xFF, 0xD8, 0xFF, 0xE0];
        head.CopyTo(body, 0);
        body[^2] = 0xFF;
        body[^1] = 0xD9;
        return body;
    }

    public ValueTask<BodyRefusal?> CheckAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        ValueTask.FromResult<BodyRefusal?>(body.Span switch
        {
            [.., 0xFF, 0xD9] => null,
            [.., 0xFF, 0xEE] => new BodyRefusal(FetchOutcomeKind.TooManyPixels, "65500x65500"),
            _ => new BodyRefusal(FetchOutcomeKind.Damaged, "no end marker"),
        });
}
