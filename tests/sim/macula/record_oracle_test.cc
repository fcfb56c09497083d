// The fate of records: held by whom, lost, or held for too long; and figures stated with a gate.
#include "sim/macula/record_oracle.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "sim/run/run.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

// Two records on three of five nodes, with a TTL of 20 s; all three of the first die at 10 s, one
// of the second's. The closest nodes are those by full knowledge.
const std::string kFive = R"toml(
[scenario]
schema = 1
name = "five"
duration = "30s"
tables = "none"
identity = "unbound"
[protocol]
k = 3
ttl = "20s"
[[group]]
name = "n"
count = 5
[[at]]
t = "1s"
label = "a"
store = { by = "closest_live(first, 3)", key = "first", value = "v", local = true }
[[at]]
t = "1s"
label = "b"
store = { by = "closest_live(second, 3)", key = "second", value = "v", local = true }
[[at]]
t = "10s"
crash = "closest(first, 3)"
)toml";

std::string expecting(const std::string& metric, const std::string& bound,
                      const std::string& when = "") {
  return "[[expect]]\nname = \"" + metric + "\"\nmetric = \"" + metric + "\"\n" + bound + "\n" +
         (when.empty() ? "" : "at = \"" + when + "\"\n");
}

ExpectationResult judged(const std::string& expectation, const std::string& text = kFive) {
  const auto scenario = parse(text + expectation);
  if (!scenario) throw std::runtime_error(errors(text + expectation));
  return run_scenario(*scenario, 1, {}).expectations.front();
}

std::optional<double> measured(const std::string& metric, const std::string& when,
                               const std::string& text = kFive) {
  const bool counts = metric.find("zombies") != std::string::npos;
  return judged(expecting(metric, counts ? "equals = 0" : "equals = \"0%\"", when), text).measured;
}

// Where records never end.
std::string as_macula_08(std::string text) {
  const std::string duration = "duration = \"30s\"\n";
  return text.replace(text.find(duration), duration.size(),
                      duration + "profile = \"macula-0.8\"\n");
}

TEST(RecordOracle, WhoHoldsWhat) {
  EXPECT_EQ(measured("placed(first)", "2s"), 1.0);
  EXPECT_EQ(measured("record.placed", "2s"), 1.0);
  EXPECT_EQ(measured("record.lost", "2s"), 0.0);
  // Two live nodes are left; the first record was on neither.
  EXPECT_EQ(measured("placed(first)", "11s"), 0.0);
  EXPECT_EQ(measured("record.lost(a)", "11s"), 1.0);
  EXPECT_EQ(measured("record.lost(b)", "11s"), 0.0);
  EXPECT_EQ(measured("record.lost", "11s"), 0.5);
}

TEST(RecordOracle, LostByAnAge) {
  const auto by = [](const std::string& metric) {
    return judged(expecting(metric, "equals = \"0%\"")).measured;
  };
  EXPECT_EQ(by("record.lost_by(a, 8s)"), 0.0);
  EXPECT_EQ(by("record.lost_by(a, 10s)"), 1.0);
  EXPECT_EQ(by("record.lost_by(b, 10s)"), 0.0);
  EXPECT_EQ(by("record.lost_by(a, 1h)"), std::nullopt);  // none was that old
}

// Nothing is due after its TTL; a record still held then should not be.
TEST(RecordOracle, HeldAfterItsTime) {
  const std::string endless = as_macula_08(kFive);
  EXPECT_EQ(measured("record.zombies", "20s", endless), 0.0);
  EXPECT_GT(measured("record.zombies(b)", "22s", endless), 0.0);
  EXPECT_EQ(measured("record.zombies(a)", "22s", endless), 0.0);
  EXPECT_EQ(measured("record.lost", "22s", endless), std::nullopt);
  // Nor is it a wrong answer, where nothing is said to end.
  const std::string find = R"toml(
[[at]]
t = "22s"
label = "late"
find = { by = "closest_live(second, 1)", key = "second" }
)toml";
  EXPECT_EQ(judged(expecting("correct_rate(late)", "equals = \"100%\""), endless + find).measured,
            1.0);
  EXPECT_EQ(measured("record.zombies(b)", "22s"), 0.0);
}

// A record of a publisher that is there is published anew, and due again; one that was withdrawn is
// due no more.
TEST(RecordOracle, HearsOfRepublishingAndWithdrawal) {
  const std::string text = R"toml(
[scenario]
schema = 1
name = "published"
duration = "40s"
[protocol]
ttl = "15s"
[[node]]
name = "first"
[[group]]
name = "n"
count = 5
join = { via = "first" }
[[at]]
t = "2s"
label = "kept"
store = { by = "n#1", key = "kept", value = "v" }
[[at]]
t = "2s"
label = "taken back"
store = { by = "n#1", key = "taken back", value = "v" }
[[at]]
t = "8s"
withdraw = { by = "n#1", key = "taken back" }
)toml";
  EXPECT_EQ(measured("record.lost(kept)", "39s", text), 0.0);
  EXPECT_EQ(measured("record.lost(taken back)", "7s", text), 0.0);
  EXPECT_EQ(measured("record.lost(taken back)", "10s", text), std::nullopt);
  EXPECT_EQ(measured("record.zombies(taken back)", "10s", text), 0.0);
}

TEST(Near, HoldsWithinItsGate) {
  const auto near = [](const std::string& bound) {
    return judged(expecting("record.lost", bound, "11s"));
  };
  EXPECT_TRUE(near("near = \"51%\"\ngate = \"1.5%\"").passed);
  EXPECT_FALSE(near("near = \"53%\"\ngate = \"2%\"").passed);
  const ExpectationResult result = near("near = \"53%\"\ngate = \"2%\"");
  ASSERT_TRUE(result.near);
  EXPECT_EQ(result.near->value, 0.53);
  EXPECT_EQ(result.near->gate, 0.02);
  EXPECT_EQ(result.expected, "0.53 +- 0.02");
}

TEST(Near, NeedsItsGate) {
  EXPECT_EQ(errors_of(expecting("healthy(all)", "near = \"50%\"")),
            "`near` needs a `gate`: how far off the measure may be\n");
  EXPECT_EQ(errors_of(expecting("healthy(all)", "equals = \"50%\"\ngate = \"1%\"")),
            "`gate` is for `near`\n");
}

}  // namespace
}  // namespace macula::sim
