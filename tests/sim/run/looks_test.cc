// Expectations look at a run and change nothing of it.
#include "sim/net/looks.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "sim/run/run.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

TEST(Looks, ComeInOrderOfTimeThenAsAdded) {
  Looks looks;
  EXPECT_EQ(looks.next(), kTimeMax);
  std::string order;
  const auto add = [&](int ns, char name) {
    looks.add(kTimeZero + Duration{ns}, [&order, name] { order += name; });
  };
  add(5, 'b');
  add(9, 'd');
  add(5, 'c');
  add(1, 'a');
  EXPECT_EQ(looks.next(), kTimeZero + Duration{1});
  while (looks.next() != kTimeMax) looks.take()();
  EXPECT_EQ(order, "abcd");
}

const std::string kStoresAndCrash = kHead +
                                    "[[at]]\nt = \"1s\"\nevery = \"100ms\"\nlabel = \"p\"\n"
                                    "store = { by = \"any(eu)\", key = \"k-{n}\", value = \"1\" }\n"
                                    "[[at]]\nt = \"20s\"\ncrash = \"eu#3\"\n";

RunResult run_in_mode(const std::string& text, const Overrides& overrides) {
  const auto scenario = parse(text, overrides);
  if (!scenario) throw std::runtime_error(errors(text, overrides));
  return run_scenario(*scenario, 1, {});
}

TEST(Looks, AddingAnExpectationChangesNoEvent) {
  const std::vector<Overrides> modes = {
      {},
      {{"scenario.ties", "shuffled"}},
      {{"scenario.wire", "encoded"}, {"scenario.chunks", "random"}},
  };
  const std::string expect = "[[expect]]\nname = \"x\"\nmetric = ";
  for (const Overrides& mode : modes) {
    const RunResult without = run_in_mode(kStoresAndCrash + kExpect, mode);
    ASSERT_GT(without.checkpoints.size(), 1U);
    for (const std::string& lines :
         {std::string("\"healthy(gw)\"\nequals = \"100%\"\nalways = true\nevery = \"10ms\"\n"),
          std::string("\"holders(k-1)\"\nat_least = 1000\nwithin = \"59s\"\n"),
          std::string("\"peers(any(eu))\"\nat_least = 0\nat = \"20s\"\n"),
          std::string("\"record.lost_by(p, 7s)\"\nat_least = \"0%\"\n")}) {
      const RunResult with = run_in_mode(kStoresAndCrash + kExpect + expect + lines, mode);
      EXPECT_EQ(with.events, without.events) << lines;
      EXPECT_EQ(with.digest, without.digest) << lines;
      ASSERT_EQ(with.checkpoints.size(), without.checkpoints.size()) << lines;
      for (std::size_t i = 0; i < with.checkpoints.size(); ++i) {
        EXPECT_EQ(with.checkpoints[i].events, without.checkpoints[i].events);
        EXPECT_EQ(with.checkpoints[i].virtual_ns, without.checkpoints[i].virtual_ns);
        EXPECT_EQ(with.checkpoints[i].digest, without.checkpoints[i].digest);
      }
    }
  }
}

// A look at an instant sees all that happens at that instant, in whatever order it came.
TEST(Looks, SeeAllThatHappensAtTheirInstant) {
  for (const char* ties : {"insertion", "shuffled"}) {
    const RunResult result =
        run_in_mode(kStoresAndCrash +
                        "[[expect]]\nname = \"dead\"\nmetric = \"healthy(eu#3)\"\nequals = \"0%\"\n"
                        "at = \"20s\"\n",
                    {{"scenario.ties", ties}});
    EXPECT_TRUE(result.passed) << ties;
  }
}

}  // namespace
}  // namespace macula::sim
