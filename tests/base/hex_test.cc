#include "base/hex.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace macula {
namespace {

TEST(Hex, WritesLowerCaseAndReadsBoth) {
  EXPECT_EQ(to_hex(std::string("\x00\x0a\xff", 3)), "000aff");
  EXPECT_EQ(from_hex("000aFF"), std::string("\x00\x0a\xff", 3));
  EXPECT_EQ(to_hex(""), "");
  EXPECT_EQ(from_hex(""), "");
}

TEST(Hex, RefusesWhatIsNoHex) {
  for (const char* text : {"0", "000", "0g", "g0", " 0", "0x", "0:", "@@", "``", "/0"}) {
    EXPECT_FALSE(from_hex(text).has_value()) << text;
  }
}

RC_GTEST_PROP(HexProperty, GoesThereAndBack, (const std::string& bytes)) {
  const std::string text = to_hex(bytes);
  RC_ASSERT(text.size() == 2 * bytes.size());
  RC_ASSERT(from_hex(text) == bytes);
}

}  // namespace
}  // namespace macula
