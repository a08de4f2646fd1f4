using Koalarization.Dataset.Splitting;

namespace Koalarization.Dataset.Tests.Splitting;

public sealed class DrawnRecordsTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    public void The_share_is_kept_wherever_the_set_ends_and_in_every_part_of_it(double fraction)
    {
        for (int records = 1; records < 400; records++)
        {
            IReadOnlySet<int> chosen = Draw(fraction, Training(records));
            Assert.InRange(chosen.Count, Math.Floor(fraction * records) - 2, Math.Ceiling(fraction * records) + 2);
        }

        int[] all = [.. Draw(fraction, Training(4000)).Order()];
        Assert.All(Enumerable.Range(0, 40), part => Assert.InRange(all.Count(record => record / 100 == part), (100 * fraction) - 3, (100 * fraction) + 3));
    }

    [Fact]
    public void Records_that_come_later_move_no_earlier_one()
    {
        IReadOnlySet<int> first = Draw(0.2, Training(50));
        var grown = Training(90);
        foreach (int record in first)
        {
            grown[record] = true;
        }

        Assert.Equal(first.Order(), Draw(0.2, grown).Where(record => record < 50).Order());
        Assert.Contains(Draw(0.2, grown), record => record >= 50);
    }

    [Fact]
    public void What_is_for_validation_stays_so()
    {
        var records = Training(30);
        int aside = Enumerable.Range(0, 30).Except(Draw(0.1, records)).First();
        records[aside] = true;
        Assert.Contains(aside, Draw(0.1, records));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(4, 1)]
    public void A_small_set_still_gets_something_to_validate_with_but_not_all_it_has(int records, int chosen) =>
        Assert.Equal(chosen, Draw(0.01, Training(records)).Count);

    private static IReadOnlySet<int> Draw(double fraction, Dictionary<int, bool> records) => new DrawnRecords(fraction).Choose(records);

    private static Dictionary<int, bool> Training(int records) => Enumerable.Range(0, records).ToDictionary(record => record, _ => false);
}
