using System.Globalization;
using FsCheck.Xunit;
using Koalarization.Inception.Devices;

namespace Koalarization.Inception.Tests.Devices;

public sealed class EmbedDeviceTests
{
    [Theory]
    [InlineData("cpu", EmbedDeviceKind.Cpu, 0, 0, "cpu")]
    [InlineData("cuda", EmbedDeviceKind.Cuda, 0, 0, "cuda:0")]
    [InlineData("cuda:1", EmbedDeviceKind.Cuda, 1, 0, "cuda:1")]
    [InlineData("simulated", EmbedDeviceKind.Simulated, 0, 100, "simulated")]
    [InlineData("simulated:2.5", EmbedDeviceKind.Simulated, 0, 2.5, "simulated")]
    public void Reads_what_a_user_writes(string text, EmbedDeviceKind kind, int index, double rate, string name)
    {
        EmbedDevice device = EmbedDevice.Parse(text);

        Assert.Equal((kind, index, rate, name), (device.Kind, device.Index, device.PicturesPerSecond, device.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("CPU")]
    [InlineData("cpu:0")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:99999999999")]
    [InlineData("cuda:1:2")]
    [InlineData("simulated:0")]
    [InlineData("simulated:-3")]
    [InlineData("simulated:NaN")]
    [InlineData("simulated:1e999")]
    [InlineData("simulated:")]
    public void Refuses_anything_else_with_what_would_be_right(string text)
    {
        var error = Assert.Throws<FormatException>(() => EmbedDevice.Parse(text));

        Assert.Equal($"'{text}' is no device: give cpu, cuda, cuda:INDEX, simulated or simulated:PICTURES_PER_SECOND.", error.Message);
    }

    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("cuda", "cuda:0")]
    [InlineData("cuda:1,cuda:0", "cuda:1 cuda:0")]
    [InlineData("cuda:all", "cuda:all")]
    [InlineData("simulated:5,simulated:5", "simulated simulated")]
    public void Reads_several_devices_of_one_kind(string text, string names) => Assert.Equal(names, string.Join(' ', EmbedDevice.ParseList(text)));

    [Theory]
    [InlineData("cuda:0,cpu", "'cuda:0,cpu' names devices of two kinds, which give different numbers: name GPUs alone, such as cuda:0,cuda:1.")]
    [InlineData("cuda,cuda:0", "'cuda,cuda:0' names cuda:0 twice.")]
    [InlineData("cpu,cpu", "'cpu,cpu' names cpu twice.")]
    [InlineData("cuda:0,", "'' is no device: give cpu, cuda, cuda:INDEX, simulated or simulated:PICTURES_PER_SECOND.")]
    [InlineData("cuda:0,cuda:all", "'cuda:all' is no device: give cpu, cuda, cuda:INDEX, simulated or simulated:PICTURES_PER_SECOND.")]
    public void Refuses_other_lists(string text, string message) => Assert.Equal(message, Assert.Throws<FormatException>(() => EmbedDevice.ParseList(text)).Message);

    [Fact]
    public void All_gpus_of_a_machine_without_one_are_the_first() => Assert.All(Embedders.Each([EmbedDevice.AllGpus]), (device, index) => Assert.Equal(EmbedDevice.Cuda(index), device));

    [Fact]
    public void No_text_is_no_device() => Assert.False(EmbedDevice.TryParse(null, out _));

    [Property]
    public bool Never_throws_when_only_asked(string? text) => EmbedDevice.TryParse(text, out EmbedDevice? device) == (device is not null);

    [Property]
    public bool Reads_its_own_name(byte index)
        => EmbedDevice.Parse(EmbedDevice.Cuda(index).ToString()) == EmbedDevice.Cuda(index)
            && EmbedDevice.Parse("cuda:" + index.ToString(CultureInfo.InvariantCulture)).Index == index;
}
