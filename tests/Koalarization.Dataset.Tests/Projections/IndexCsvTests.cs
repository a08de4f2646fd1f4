using System.Text;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Projections;
using Koalarization.Dataset.Slices;

namespace Koalarization.Dataset.Tests.Projections;

public sealed class IndexCsvTests
{
    // The rows are what Python's csv.writer(lineterminator="\n") makes of the same fields.
    [Fact]
    public void Rows_are_written_as_RFC_4180_says()
    {
        using var content = new MemoryStream();
        using (var csv = new IndexCsv(content, hasMetadata: false))
        {
            var kept = new LinkRow("a.jpeg", LinkRow.Kept, Detail: null, 1, new OriginalFacts(1_234_567, "aa", 500, 375), new FileFacts(99, "bb"));
            csv.Add(new SetRow(new PlannedLink("a.jpeg", "http://h/a,b?\"q\"", "two\twords"), 3, kept, Record: 7, Index: 0, Chroma: 0.1));
            csv.Add(new SetRow(new PlannedLink("b.jpeg", Url: null, Words: null), 1, new LinkRow("b.jpeg", "dns", "no\r\nhost", 1, null, null), null, null, null));
            csv.Add(new SetRow(new PlannedLink("c.jpeg", "http://h/ü", Words: null), 1, Row: null, null, null, null));
        }

        Assert.Equal(
            "name,url,words,round,outcome,detail,original_bytes,width,height,original_sha256,resized_bytes,resized_sha256,chroma,record,place\n"
            + "a.jpeg,\"http://h/a,b?\"\"q\"\"\",two\twords,3,kept,,1234567,500,375,aa,99,bb,0.1,7,0\n"
            + "b.jpeg,,,1,dns,\"no\r\nhost\",,,,,,,,,\n"
            + "c.jpeg,http://h/ü,,1,,,,,,,,,,,\n",
            Encoding.UTF8.GetString(content.ToArray()));
    }

    [Fact]
    public void Profiles_and_orientations_are_two_more_columns_at_the_end()
    {
        using var content = new MemoryStream();
        using (var csv = new IndexCsv(content, hasMetadata: true))
        {
            var original = new OriginalFacts(5, "aa", 1, 2) { Profile = "Display P3", Orientation = 6 };
            csv.Add(new SetRow(new PlannedLink("a.jpeg", "u", "w"), 1, new LinkRow("a.jpeg", LinkRow.Kept, null, 1, original, null), null, null, null));
            csv.Add(new SetRow(new PlannedLink("b.jpeg", "u", "w"), 1, Row: null, null, null, null));
        }

        Assert.Equal(
            "name,url,words,round,outcome,detail,original_bytes,width,height,original_sha256,resized_bytes,resized_sha256,chroma,record,place,profile,orientation\n"
            + "a.jpeg,u,w,1,kept,,5,1,2,aa,,,,,,Display P3,6\n"
            + "b.jpeg,u,w,1,,,,,,,,,,,,,\n",
            Encoding.UTF8.GetString(content.ToArray()));
    }
}
