using System.Runtime.Intrinsics;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Random;

public class PhiloxTests
{
    // The known answers of the authors' Random123 library.
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0ul, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0ul, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0x299f31d0a4093822ul, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Words_are_the_known_answers(uint c0, uint c1, uint c2, uint c3, ulong key, uint w0, uint w1, uint w2, uint w3) =>
        Assert.Equal((w0, w1, w2, w3), Philox.Words(c0, c1, c2, c3, key));

    [Theory]
    [InlineData(0u, 0x103u, 17u, 4u, 99ul)]
    [InlineData(0x01234567u, 0xfffe0102u, 0x7fffffffu, 0xffffffffu, 0xfedcba9876543210ul)]
    public void A_group_holds_the_words_of_sixteen_counters(uint group, uint c1, uint c2, uint c3, ulong key)
    {
        var (words0, words1, words2, words3) = Philox.GroupWords(group, c1, c2, c3, key);
        for (int lane = 0; lane < Vector512<uint>.Count; lane++)
            Assert.Equal(Philox.Words(16 * group + (uint)lane, c1, c2, c3, key), (words0[lane], words1[lane], words2[lane], words3[lane]));
    }
}
