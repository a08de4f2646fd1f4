using System.Globalization;
using Koalarization.Imaging.Fitting;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Tests.Fitting;

public class FitPlanTests
{
    [Fact]
    public void Is_the_original_s_geometry_for_all_9000_sizes()
    {
        int rows = 0;
        foreach (string[] row in GoldenPictures.Rows("geometry.csv"))
        {
            FitPlan plan = FitPlan.For(Size(row[0], row[1]), Size(row[2], row[3]));
            PictureSize? enlarged = row[4].Length == 0 ? null : Size(row[4], row[5]);
            var expected = new FitPlan(enlarged, Size(row[6], row[7]), Number(row[8]), Number(row[9]));
            Assert.True(expected == plan, $"{string.Join(',', row)} became {plan}");
            rows++;
        }

        Assert.Equal(9000, rows);
    }

    private static PictureSize Size(string width, string height) => new(Number(width), Number(height));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
