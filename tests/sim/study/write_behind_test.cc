// Text that is written behind arrives whole and in order, and a failure is heard of.
#include "sim/study/write_behind.h"

#include <gtest/gtest.h>

#include <atomic>
#include <ostream>
#include <string>
#include <string_view>
#include <thread>

namespace macula::sim {
namespace {

// Lines that tell where they stand.
std::string lines(std::size_t bytes) {
  std::string text;
  for (unsigned i = 0; text.size() < bytes; ++i) text += std::to_string(i) + "\n";
  text.resize(bytes);
  return text;
}

TEST(WriteBehind, HandsOverAllOfItInOrderByAnotherThread) {
  for (const std::size_t bytes : {WriteBehind::kBlock - 1, WriteBehind::kBlock,
                                  WriteBehind::kBlock + 1, 9 * WriteBehind::kBlock + 17}) {
    const std::string text = lines(bytes);
    std::string taken;
    std::atomic<bool> elsewhere = false;
    WriteBehind behind([&, here = std::this_thread::get_id()](std::string_view part) {
      if (std::this_thread::get_id() != here) elsewhere = true;
      taken += part;
      return true;
    });
    std::ostream out(&behind);
    for (std::size_t at = 0; at < text.size(); at += 1'009) out << text.substr(at, 1'009);
    EXPECT_TRUE(behind.finish());
    EXPECT_EQ(taken, text);
    EXPECT_EQ(elsewhere, bytes > WriteBehind::kBlock);
  }
}

TEST(WriteBehind, AfterAFailureNothingIsTakenAndTheStreamIsBad) {
  int calls = 0;
  WriteBehind behind([&](std::string_view) { return ++calls < 2; });
  std::ostream out(&behind);
  // The second block fails; the writer is ahead by all of them at most.
  for (std::size_t i = 0; i < 2 + 2 * WriteBehind::kBlocks && out; ++i) {
    out << lines(WriteBehind::kBlock);
  }
  EXPECT_FALSE(out);
  EXPECT_FALSE(behind.finish());
  EXPECT_EQ(calls, 2);
}

TEST(WriteBehind, MayBeGivenUpBeforeItsEnd) {
  std::string taken;
  {
    WriteBehind behind([&](std::string_view part) {
      taken += part;
      return true;
    });
    std::ostream(&behind) << lines(3 * WriteBehind::kBlock);
  }
  EXPECT_EQ(taken.size() % WriteBehind::kBlock, 0U);
}

}  // namespace
}  // namespace macula::sim
