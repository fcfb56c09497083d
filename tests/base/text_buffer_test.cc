#include "base/text_buffer.h"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>
#include <string>

namespace macula {
namespace {

TEST(TextBuffer, IsPutTogetherPieceByPiece) {
  TextBuffer text;
  TextBuffer::Piece piece = text.piece(100);
  piece.add("eu#");
  piece.add_number(std::numeric_limits<std::int64_t>::min());
  piece.add(' ');
  piece.add_hash(0x00ab'cdef'0123'4567);
  piece.add(std::string_view());
  piece.done();
  EXPECT_EQ(text.view(), "eu#-9223372036854775808 00abcdef01234567");
  text.replace(0, "us");
  EXPECT_EQ(text.view().substr(0, 3), "us#");
  text.clear();
  EXPECT_TRUE(text.empty());
  text.add_number(7U);
  EXPECT_EQ(text.view(), "7");
}

TEST(TextBuffer, GrowsWithWhatIsWritten) {
  TextBuffer text;
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    const std::string part(static_cast<std::size_t>(i % 37), static_cast<char>('a' + i % 26));
    text.write(part.data(), part.size());
    expected += part;
  }
  text.write(nullptr, 0);
  EXPECT_EQ(text.take(), expected);
  EXPECT_EQ(text.take(), "");
}

// The text that a buffer is given is overwritten, however long it was.
TEST(TextBuffer, BeginsWithZerosOverAnotherText) {
  for (const std::size_t held : {0U, 3U, 50U}) {
    TextBuffer text(std::string(held, 'x'), 4);
    text.add("ab");
    EXPECT_EQ(text.take(), std::string(4, '\0') + "ab") << held;
  }
}

TEST(TextBuffer, LongTextIsHandedOn) {
  TextBuffer text;
  std::ostringstream out;
  text.add("short");
  text.write_in_parts_to(out);
  EXPECT_EQ(out.str(), "");
  text.add(std::string(1 << 16, 'y'));
  text.write_in_parts_to(out);
  EXPECT_EQ(out.str().size(), 5U + (1 << 16));
  EXPECT_TRUE(text.empty());
}

}  // namespace
}  // namespace macula
