using Koalarization.Imaging.Colour;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Fitting;

/// <summary>Makes a decoded picture fit a size, as the original's <c>resize</c> does before it encodes. Thread-safe.</summary>
public sealed class PictureFitter
{
    private readonly LanczosResampler _lanczos;

    /// <param name="target">The size of every result, both sides at least 1.</param>
    public PictureFitter(PictureSize target)
        : this(target, LanczosKernels.Best)
    {
    }

    internal PictureFitter(PictureSize target, ILanczosKernel kernel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Width, 1, nameof(target));
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Height, 1, nameof(target));
        Target = target;
        _lanczos = new LanczosResampler(kernel);
    }

    /// <summary>The size of every result.</summary>
    public PictureSize Target { get; }

    /// <summary>
    /// A new RGB picture of the target's size: enlarged by NEAREST or reduced by LANCZOS in the source's own channels, turned to RGB, in the
    /// middle of white. Takes over the source: its pixels may change, and it is given back to the pool.
    /// </summary>
    /// <param name="source">1, 3 or 4 channels, as decoded with <see cref="JpegColour.AsStored"/>.</param>
    public Picture Fit(Picture source)
    {
        FitPlan plan = FitPlan.For(source.Size, Target);
        Picture current = source;
        if (source.Channels == 4)
        {
            CmykConverter.Invert(source.Pixels);
        }

        if (plan.Enlarged is { } enlarged)
        {
            current = Replace(current, NearestResampler.Resize(current, enlarged));
        }

        if (plan.Fitted != current.Size)
        {
            current = Replace(current, _lanczos.Resize(current, plan.Fitted));
        }

        Picture framed = Picture.Rent(Target.Width, Target.Height, 3);
        Paste(current, framed, plan);
        current.Dispose();
        return framed;
    }

    private static Picture Replace(Picture old, Picture replacement)
    {
        old.Dispose();
        return replacement;
    }

    private static void Paste(Picture fitted, Picture framed, FitPlan plan)
    {
        int left = plan.Left * 3;
        int right = left + (fitted.Width * 3);
        framed.Pixels[..(plan.Top * framed.RowBytes)].Fill(255);
        framed.Pixels[((plan.Top + fitted.Height) * framed.RowBytes)..].Fill(255);
        for (int y = 0; y < fitted.Height; y++)
        {
            Span<byte> row = framed.Row(plan.Top + y);
            row[..left].Fill(255);
            ToRgb(fitted.Row(y), fitted.Channels, row[left..right]);
            row[right..].Fill(255);
        }
    }

    private static void ToRgb(ReadOnlySpan<byte> from, int channels, Span<byte> to)
    {
        switch (channels)
        {
            case 1:
                GrayRows.Repeat(from, to);
                break;
            case 3:
                from.CopyTo(to);
                break;
            default:
                CmykConverter.ToRgbAsPillow(from, to);
                break;
        }
    }
}
