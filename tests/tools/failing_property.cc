// A property that fails with every seed, for tests/tools/replay.py: its output must replay it.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

// The number on which it fails is not shrunk, and so another with each seed.
RC_GTEST_PROP(Failing, NumbersAreSmall, ()) {
  const auto number = *rc::gen::noShrink(rc::gen::arbitrary<std::uint32_t>());
  RC_ASSERT(number < 10);
}

TEST(Passing, Passes) {}
