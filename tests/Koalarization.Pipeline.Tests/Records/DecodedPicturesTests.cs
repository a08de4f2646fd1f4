using Koalarization.Dataset.Composition;
using Koalarization.Imaging.Jpeg;
using Koalarization.Pipeline.Records;

namespace Koalarization.Pipeline.Tests.Records;

public sealed class DecodedPicturesTests
{
    private readonly DecodedPictures _pictures = new();

    [Fact]
    public void A_claimed_picture_is_kept_until_it_is_taken_once()
    {
        using var claims = new DecodedPictures.Claims(_pictures);
        claims.Add([IdOf(1)]);
        PreparedPicture picture = NewPicture();
        Assert.True(_pictures.TryKeep(IdOf(1), picture));
        Assert.Same(picture, claims.Take(IdOf(1)));
        Assert.Null(claims.Take(IdOf(1)));
        picture.Dispose();
    }

    [Fact]
    public void A_picture_that_is_not_claimed_or_kept_already_stays_the_decoders()
    {
        using var claims = new DecodedPictures.Claims(_pictures);
        using PreparedPicture first = NewPicture(), second = NewPicture();
        Assert.False(_pictures.TryKeep(IdOf(1), first));
        claims.Add([IdOf(1)]);
        Assert.True(_pictures.TryKeep(IdOf(1), first));
        Assert.False(_pictures.TryKeep(IdOf(1), second));
    }

    [Fact]
    public void Another_hash_is_another_picture()
    {
        using var claims = new DecodedPictures.Claims(_pictures);
        claims.Add([IdOf(1)]);
        using PreparedPicture picture = NewPicture();
        Assert.False(_pictures.TryKeep(IdOf(1) with { Sha256 = "other" }, picture));
    }

    [Fact]
    public void No_more_are_kept_than_the_bound_and_there_is_room_again_when_one_is_taken()
    {
        using var claims = new DecodedPictures.Claims(_pictures);
        claims.Add(Enumerable.Range(0, DecodedPictures.MaxPictures + 2).Select(IdOf));
        for (int i = 0; i < DecodedPictures.MaxPictures; i++)
        {
            Assert.True(_pictures.TryKeep(IdOf(i), NewPicture()));
        }

        using PreparedPicture last = NewPicture(), oneMore = NewPicture();
        Assert.False(_pictures.TryKeep(IdOf(DecodedPictures.MaxPictures), last));
        claims.Take(IdOf(0))!.Dispose();
        Assert.True(_pictures.TryKeep(IdOf(DecodedPictures.MaxPictures), last));
        Assert.False(_pictures.TryKeep(IdOf(DecodedPictures.MaxPictures + 1), oneMore));
    }

    [Fact]
    public void What_a_writer_did_not_take_goes_with_its_claims()
    {
        PreparedPicture picture = NewPicture();
        using (var claims = new DecodedPictures.Claims(_pictures))
        {
            claims.Add([IdOf(1)]);
            Assert.True(_pictures.TryKeep(IdOf(1), picture));
        }

        Assert.Throws<ObjectDisposedException>(() => _ = picture.Rgb.Pixels.Length);
        using PreparedPicture later = NewPicture();
        Assert.False(_pictures.TryKeep(IdOf(1), later));
    }

    [Fact]
    public void Of_two_claims_of_one_picture_the_first_holds()
    {
        using DecodedPictures.Claims first = new(_pictures), second = new(_pictures);
        first.Add([IdOf(1)]);
        second.Add([IdOf(1)]);
        Assert.True(_pictures.TryKeep(IdOf(1), NewPicture()));
        Assert.Null(second.Take(IdOf(1)));
        second.Dispose();
        using PreparedPicture? taken = first.Take(IdOf(1));
        Assert.NotNull(taken);
    }

    private static PictureId IdOf(int number) => new("set", $"{number}.jpeg", "hash");

    private static PreparedPicture NewPicture()
    {
        string path = Golden.PathOf("resized_299x299/files/black_320x240.jpeg");
        Assert.True(PreparedPicture.TryRead(JpegCodecs.Default, path, sha256: null, out PreparedPicture? picture, out _));
        return picture;
    }
}
