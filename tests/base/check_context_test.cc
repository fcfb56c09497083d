// A failed check names what the thread was about, and costs what contains it.
#include "base/check_context.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/check.h"

namespace macula {
namespace {

void fail_a_check() {
  MACULA_CHECK(1 + 1 == 3);
}

struct FailsAtItsEnd {
  ~FailsAtItsEnd() { fail_a_check(); }
};

TEST(Check, EndsTheProgramAndSaysWhatItWasAbout) {
  const CheckContext outer([] { return "in heal.toml, seed 3"; });
  const CheckContext inner([] { return "at t = 1.5s"; });
  EXPECT_DEATH(fail_a_check(),
               "check failed: 1 \\+ 1 == 3 \\(.*check_context_test.cc:[0-9]+\\)\n"
               "at t = 1.5s\nin heal.toml, seed 3");
}

TEST(Check, CostsOnlyWhatContainsIt) {
  std::vector<std::string> ended;
  const auto failure = contain_checks([&] {
    const CheckContext context([] { return "in heal.toml"; });
    const auto inner = contain_checks(fail_a_check);
    ASSERT_TRUE(inner);
    ended.push_back(inner->text);
    fail_a_check();
    ended.emplace_back("never");
  });
  ASSERT_TRUE(failure);
  EXPECT_NE(failure->text.find("check failed: 1 + 1 == 3"), std::string::npos);
  EXPECT_NE(failure->text.find("\nin heal.toml"), std::string::npos);
  EXPECT_EQ(ended.size(), 1U);
  EXPECT_FALSE(contain_checks([] {}));
  EXPECT_DEATH(fail_a_check(), "check failed") << "nothing contains it any more";
}

TEST(Check, OtherExceptionsPassThrough) {
  EXPECT_THROW(static_cast<void>(contain_checks([] { throw 7; })), int);
  EXPECT_DEATH(fail_a_check(), "check failed");
}

TEST(Check, ContextsMayEndInAnyOrder) {
  auto first = std::make_unique<CheckContext>([] { return "first"; });
  auto second = std::make_unique<CheckContext>([] { return "second"; });
  const CheckContext third([] { return "third"; });
  first.reset();
  const auto failure = contain_checks(fail_a_check);
  EXPECT_NE(failure->text.find(")\nthird\nsecond"), std::string::npos) << failure->text;
  EXPECT_EQ(failure->text.find("first"), std::string::npos);
}

TEST(Check, AContextThatFailsItselfIsUnknown) {
  const CheckContext outer([] { return "in heal.toml"; });
  const CheckContext inner([]() -> std::string {
    fail_a_check();
    return "never";
  });
  for (int i = 0; i < 2; ++i) {
    const auto failure = contain_checks(fail_a_check);
    ASSERT_TRUE(failure);
    EXPECT_NE(failure->text.find("\n(unknown)\nin heal.toml"), std::string::npos) << failure->text;
  }
}

// Nothing can be thrown out of a destructor: said it is all the same.
TEST(Check, InADestructorItEndsTheProgramWithItsContext) {
  const CheckContext context([] { return "in heal.toml, seed 3"; });
  EXPECT_DEATH(static_cast<void>(contain_checks([] { const FailsAtItsEnd end; })),
               "in heal.toml, seed 3");
}

void ends_with(int code, const std::function<void()>& work) {
  const CheckRefuge refuge([&](const CheckFailure& failure) {
    std::_Exit(failure.text.find("in heal.toml") != std::string::npos ? code : 1);
  });
  const CheckContext context([] { return "in heal.toml"; });
  static_cast<void>(contain_checks(work));
}

TEST(Check, ARefugeTakesOverWhereNothingCanBeThrown) {
  const auto in_destructor = [] { const FailsAtItsEnd end; };
  EXPECT_EXIT(ends_with(71, in_destructor), testing::ExitedWithCode(71), "check failed");
  const auto in_noexcept = [] { []() noexcept { fail_a_check(); }(); };
  EXPECT_EXIT(ends_with(72, in_noexcept), testing::ExitedWithCode(72), "check failed");
  const auto while_unwinding = [] {
    const FailsAtItsEnd end;
    throw 7;
  };
  EXPECT_EXIT(ends_with(73, while_unwinding), testing::ExitedWithCode(73), "check failed");
  // And where it can, it is not asked.
  ends_with(74, fail_a_check);
}

}  // namespace
}  // namespace macula
