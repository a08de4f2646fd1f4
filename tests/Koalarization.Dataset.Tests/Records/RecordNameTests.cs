using FsCheck;
using FsCheck.Xunit;
using Koalarization.Dataset.Records;

namespace Koalarization.Dataset.Tests.Records;

public sealed class RecordNameTests
{
    [Property]
    public bool A_name_is_read_as_it_was_written(NonNegativeInt number, bool validation)
    {
        var name = new RecordName(number.Get, validation);
        return RecordName.TryParse(name.ToString(), out RecordName read) && read == name && read.Other.Other == name;
    }

    [Theory]
    [InlineData("lab_images_01.tfrecord")]
    [InlineData("lab_images_-1.tfrecord")]
    [InlineData("lab_images_+1.tfrecord")]
    [InlineData("lab_images_ 1.tfrecord")]
    [InlineData("lab_images_.tfrecord")]
    [InlineData("lab_images_1.TFRECORD")]
    [InlineData("lab_images_99999999999.tfrecord")]
    [InlineData("val_val_lab_images_1.tfrecord")]
    [InlineData("lab_images_1.tfrecord.7z")]
    [InlineData("lab_images_tfrecord")]
    [InlineData(null)]
    public void Other_names_are_no_record(string? name) => Assert.False(RecordName.TryParse(name, out _));

    [Fact]
    public void Names_are_those_of_the_original()
    {
        Assert.Equal("lab_images_12.tfrecord", new RecordName(12).ToString());
        Assert.Equal("val_lab_images_0.tfrecord", new RecordName(0).Other.ToString());
    }
}
