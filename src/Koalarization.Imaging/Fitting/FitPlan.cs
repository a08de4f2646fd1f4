using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Fitting;

/// <summary>
/// How a picture is made to fit a target without changing its proportions: enlarged by NEAREST when it is smaller, reduced by LANCZOS, put
/// in the middle of white. The arithmetic of python-resize-image's <c>resize_contain</c> as the original calls it.
/// </summary>
/// <param name="Enlarged">The size after enlarging; null when the picture is not enlarged.</param>
/// <param name="Fitted">The size after reducing; both sides at least 1 and within the target.</param>
/// <param name="Left">Columns of white to the left.</param>
/// <param name="Top">Rows of white above.</param>
public readonly record struct FitPlan(PictureSize? Enlarged, PictureSize Fitted, int Left, int Top)
{
    /// <summary>The plan for a source and a target size, all sides at least 1.</summary>
    public static FitPlan For(PictureSize source, PictureSize target)
    {
        double factor = Math.Min((double)target.Width / source.Width, (double)target.Height / source.Height);
        PictureSize? enlarged = factor > 1
            ? new PictureSize((int)(source.Width * factor), (int)(source.Height * factor))
            : null;
        PictureSize fitted = Reduce(enlarged ?? source, target);
        return new FitPlan(enlarged, fitted, HalfUp(target.Width - fitted.Width), HalfUp(target.Height - fitted.Height));
    }

    private static PictureSize Reduce(PictureSize size, PictureSize target)
    {
        (int width, int height) = size;
        if (width > target.Width)
        {
            height = (int)Math.Max((double)height * target.Width / width, 1);
            width = target.Width;
        }

        if (height > target.Height)
        {
            width = (int)Math.Max((double)width * target.Height / height, 1);
            height = target.Height;
        }

        return new PictureSize(width, height);
    }

    private static int HalfUp(int pixels) => (pixels + 1) / 2;
}
