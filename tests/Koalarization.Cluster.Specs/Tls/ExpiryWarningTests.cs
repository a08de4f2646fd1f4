using Koalarization.Cluster.Tls;

namespace Koalarization.Cluster.Specs.Tls;

public sealed class ExpiryWarningTests
{
    private static readonly DateTime Begin = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly ExpiryWarning _warning = new();

    // 365 days: two weeks before the end, and each day. 12 days: two days before, four times in them, and so on after the end.
    [Theory]
    [InlineData(365, 24, "351 352 353 354 355 356 357 358 359 360 361 362 363 364 365 366")]
    [InlineData(12, 12, "10 10.5 11 11.5 12 12.5 13")]
    public void It_is_said_from_early_enough_on_and_not_all_the_time(int days, int everyHours, string expected)
    {
        List<string> said = [];
        for (DateTime now = Begin; now <= Begin.AddDays(days + 1); now = now.AddHours(1))
        {
            if (Due(days, now) is not null)
            {
                said.Add((now - Begin).TotalDays.ToString("0.##"));
            }
        }

        Assert.Equal(expected.Split(' '), said);
        Assert.Equal(TimeSpan.FromHours(everyHours), TimeSpan.FromDays(double.Parse(said[1]) - double.Parse(said[0])));
    }

    [Fact]
    public void One_that_has_expired_is_called_that()
    {
        Assert.Equal(
            "The certificate node.pem expires on 2026-01-13 00:00 UTC, and no new one is there; put one in its place, it is read within a minute.", Due(12, Begin.AddDays(11)));
        Assert.StartsWith("The certificate node.pem expired on 2026-01-13 00:00 UTC: no node lets this one in any more", Due(12, Begin.AddDays(12)), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_one_that_is_about_to_expire_is_said_at_once()
    {
        Assert.NotNull(Due(12, Begin.AddDays(11)));
        Assert.Null(Due(12, Begin.AddDays(11).AddMinutes(1)));
        Assert.NotNull(Due(13, Begin.AddDays(11).AddMinutes(1)));
    }

    private string? Due(int days, DateTime now) => _warning.Due("node.pem", Begin, Begin.AddDays(days), now);
}
