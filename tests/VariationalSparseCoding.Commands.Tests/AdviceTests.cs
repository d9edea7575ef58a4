namespace VariationalSparseCoding.Commands.Tests;

public class AdviceTests
{
    private static readonly CommandSet Small = new("vsc", ""), Full = new(FullProgram.Name, "");

    [Theory]
    [InlineData(Remedy.TrainRun, "x", "x: wrong; start the run with 'vsc train --output x'.")]
    [InlineData(Remedy.ResumeRun, "x", "x: wrong; continue the run with 'vsc resume x'.")]
    [InlineData(Remedy.DownloadFashionMnist, "", "x: wrong; get the files with 'vsc data fashion-mnist'.")]
    [InlineData(Remedy.DownloadFashionMnist, "f", "x: wrong; get the files with 'vsc data fashion-mnist --root f'.")]
    [InlineData(Remedy.SkipBadImages, "", "x: wrong; or leave them out with --skip-bad-images.")]
    [InlineData(Remedy.AddTensorLibrary, "bf16", "bf16 needs the tensor library: use vsc-full (package VariationalSparseCoding.Tool.Full).")]
    [InlineData(Remedy.None, "", "x: wrong.")]
    internal void A_remedy_becomes_a_command(Remedy remedy, string subject, string expected) =>
        Assert.Equal(expected, Advice.For(Small, new InvalidInputException("x: wrong.") { Remedy = remedy, Subject = subject }));

    [Fact]
    public void The_full_program_names_itself()
    {
        Assert.Equal("x; continue the run with 'vsc-full resume r'.", Advice.For(Full, new InvalidInputException("x") { Remedy = Remedy.ResumeRun, Subject = "r" }));
        Assert.Equal("x", Advice.For(Full, new InvalidInputException("x") { Remedy = Remedy.AddTensorLibrary }));
    }

    [Fact]
    public void A_full_disk_says_what_to_do()
    {
        int code = OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28;
        Assert.Equal("No space left on device : 'x'; free space on that disk, or write elsewhere.", Advice.For(new IOException("No space left on device : 'x'", code)));
        Assert.Equal("broken pipe", Advice.For(new IOException("broken pipe", 32)));
        Assert.Equal("denied", Advice.For(new UnauthorizedAccessException("denied")));
    }
}
