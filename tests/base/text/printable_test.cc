#include "base/text/printable.h"

#include <gtest/gtest.h>

#include <string>

namespace macula {
namespace {

TEST(Printable, TextStaysAsItIs) {
  for (const std::string text :
       {"", "hello", "{\"a\":\"b\\n\"}", "Zürich, 東京, \xf0\x9f\x98\x80"}) {
    EXPECT_EQ(printable(text, Lines::one), text);
    EXPECT_EQ(printable(text, Lines::many), text);
  }
}

TEST(Printable, ControlCharactersAreEscaped) {
  EXPECT_EQ(printable("a\x1b[2Jb\x07\x7f\r", Lines::many), "a\\u001b[2Jb\\u0007\\u007f\\u000d");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m",
                      Lines::many),
            "\\u009b31m");  // CSI in one character
  EXPECT_EQ(printable(std::string("\0", 1), Lines::one), "\\u0000");
  for (int byte = 0; byte < 256; ++byte) {
    for (const char shown : printable(std::string(1, static_cast<char>(byte)), Lines::one)) {
      EXPECT_TRUE(static_cast<unsigned char>(shown) >= 0x20 && shown != 0x7f) << byte;
    }
  }
}

TEST(Printable, LinesBreakOnlyWhereThatIsWanted) {
  EXPECT_EQ(printable("a\nb\tc", Lines::many), "a\nb\tc");
  EXPECT_EQ(printable("a\nb\tc\xe2\x80\xa8", Lines::one), "a\\u000ab\\u0009c\\u2028");
}

TEST(Printable, WhatReordersALineIsEscaped) {
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "x\xe2\x81\xa6",
                      Lines::many),
            "\\u202ex\\u2066");
}

TEST(Printable, WhatIsNoTextIsReplaced) {
  const std::string replaced = "\xef\xbf\xbd";
  EXPECT_EQ(printable("\xff", Lines::one), replaced);
  EXPECT_EQ(printable("\xc3(", Lines::one), replaced + "(");          // cut short
  EXPECT_EQ(printable("\xe2\x80", Lines::one), replaced + replaced);  // at the end
  EXPECT_EQ(printable("\xc0\x9b", Lines::one), replaced + replaced);  // longer than need be
  EXPECT_EQ(printable("\xed\xa0\x80", Lines::one), replaced + replaced + replaced);
}

}  // namespace
}  // namespace macula
