// Payloads that steps store and send: texts, and so many bytes that nobody wrote out.
#include "sim/scenario/payload.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "sim/file/explain.h"
#include "sim/run/run.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

constexpr std::size_t kKiB = 1024;

std::string store(const std::string& value) {
  return "[[at]]\nt = \"1s\"\nstore = { by = \"gw\", key = \"a\", value = " + value + " }";
}
std::string call(const std::string& args) {
  return "[[at]]\nt = \"1s\"\ncall = { by = \"gw\", procedure = \"p\", args = " + args + " }";
}

TEST(Payload, FollowsFromItsSubjectAlone) {
  EXPECT_EQ(made_up(5000, "a"), made_up(5000, "a"));
  EXPECT_EQ(made_up(5000, "a").size(), 5000U);
  EXPECT_EQ(made_up(100, "a"), made_up(5000, "a").substr(0, 100));
  std::set<std::string> texts;
  for (int i = 0; i < 1000; ++i) texts.insert(made_up(10, "a/" + std::to_string(i)));
  EXPECT_EQ(texts.size(), 1000U);
  const std::string json = made_up_json(12, "a");
  EXPECT_EQ(json, '"' + made_up(10, "a") + '"');
  EXPECT_EQ(made_up_json(2, "a"), "\"\"");
}

TEST(Payload, IsATextOrASize) {
  const auto of = [](const std::string& part) {
    const auto scenario = parse(kHead + part + "\n" + kExpect);
    EXPECT_TRUE(scenario) << part;
    return scenario->steps[0].arguments.payload("value");
  };
  EXPECT_EQ(of(store("\"21.5\"")).text, "21.5");
  EXPECT_EQ(of(store("\"21.5\"")).bytes, 0U);
  EXPECT_EQ(of(store("{ bytes = \"480KiB\" }")).bytes, 480 * kKiB);
  EXPECT_EQ(of(store("{ bytes = \"1B\" }")).bytes, 1U);
  EXPECT_EQ(of(store("{ bytes = \"524091B\" }")).bytes, 524091U);  // 512 KiB less 197
  const auto scenario = parse(kHead + call("{ bytes = \"1020KiB\" }") + "\n" + kExpect);
  ASSERT_TRUE(scenario);
  EXPECT_EQ(scenario->steps[0].arguments.payload("args").bytes, kPayloadBytesMax);
}

TEST(Payload, WhatIsWrongIsSaidAtItsPlace) {
  const struct {
    std::string part;
    std::string message;
  } cases[] = {
      {store("{ bytes = 480 }"), "`bytes` takes a size, as in \"64KiB\", not a number"},
      {store("{ bytes = \"much\" }"), "`bytes`: "},
      {store("{ bytes = \"0B\" }"), "`value`: write `bytes` from 1B"},
      {store("{ bytes = \"2MiB\" }"),
       "`value`: 2048KiB is more than a frame holds: at most 1020KiB"},
      {store("{ bytes = \"524092B\" }"),
       "`value`: 524092B is more than a node takes: at most 524091B, as `record_bytes` of "
       "[protocol] "
       "is 512KiB, of which 197 bytes are for what belongs to a value"},
      {store("{ size = \"2KiB\" }"), "`value` is a text, or its size: write `value = { bytes ="},
      {store("{ bytes = \"2KiB\", seed = 3 }"), "`value` is a text, or its size"},
      {call("{ bytes = \"1B\" }"), "`args`: write `bytes` from 2B"},
      {call("{ bytes = \"1021KiB\" }"), "`args`: 1021KiB is more than a frame holds"},
      {call("{ bytes = \"1KiB\", a = 2 }"),
       "`args`: `bytes` is the size of all of it, and stands alone"},
      {call("{ bytes = 7 }"), "`bytes` takes a size"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(errors_of(each.part).substr(0, each.message.size()), each.message) << each.part;
  }
  const auto wrong = parse(kHead + store("{ bytes = \"2MiB\" }") + "\n" + kExpect);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error()[0].place.line, 17);
  EXPECT_EQ(wrong.error()[0].place.column, 51);
}

// The limit is that of the profile with the largest records.
TEST(Payload, MayBeWhatSomeNodeTakes) {
  const std::string large = store("{ bytes = \"600KiB\" }") + "\n" + kExpect;
  EXPECT_NE(errors(kHead + large), "");
  EXPECT_EQ(errors(kHead + "profile = \"macula-0.8\"\n" + large), "");
  EXPECT_EQ(errors(kHead + large, {{"protocol.record_bytes", "1MiB"}}), "");
  EXPECT_NE(errors(kHead + store("{ bytes = \"2KiB\" }") + "\n" + kExpect,
                   {{"protocol.record_bytes", "1KiB"}}),
            "");
}

TEST(Payload, MayBeSetAndIsExplained) {
  const std::string file = kHead + store("\"21.5\"") + "\n" + kExpect;
  for (const Overrides& set : {Overrides{{"at.0.store.value", "{ bytes = \"3KiB\" }"}},
                               Overrides{{"at.0.store.value.bytes", "3KiB"}}}) {
    const bool whole = set[0].first == "at.0.store.value";
    const std::string& text = whole ? file : kHead + store("{ bytes = \"1KiB\" }") + "\n" + kExpect;
    const auto scenario = parse(text, set);
    ASSERT_TRUE(scenario) << errors(text, set);
    EXPECT_EQ(scenario->steps[0].arguments.payload("value").bytes, 3 * kKiB);
    const auto explained = explain_scenario_text(macula_kit(), text, "test.toml", set);
    ASSERT_TRUE(explained);
    EXPECT_NE(explained->find("value = { bytes = \"3KiB\" }"), std::string::npos) << *explained;
  }
}

// Each of a and b stores under one key at 1, 2 and 3 s, and calls c; `value` as in TOML.
std::string scenario_of(const std::string& value, const std::string& more = {},
                        const std::string& args = "{ bytes = \"20KiB\" }") {
  return R"toml(
[scenario]
schema = 1
name = "sized"
duration = "30s"
[protocol]
maintenance = false
[[node]]
name = "a"
knows = ["b", "c"]
[[node]]
name = "b"
knows = ["a", "c"]
[[node]]
name = "c"
knows = ["a", "b"]
[[at]]
t = "1s"
every = "1s"
until = "3s"
store = { by = "a + b", key = "same", value = )toml" +
         value + more + R"toml( }
[[at]]
t = "5s"
every = "1s"
until = "7s"
cast = { by = "a + b", procedure = "p", args = )toml" +
         args + R"toml(, to = "c" }
[[at]]
t = "10s"
find = { by = "c", key = "same", local = false, label = "find" }
[[expect]]
name = "found as stored"
metric = "correct_rate(find)"
equals = "100%"
)toml";
}

// How many different messages of the kind came to c.
std::size_t came_to_c(const std::string& message, const std::string& text) {
  const auto scenario = parse(text);
  EXPECT_TRUE(scenario) << errors(text);
  std::ostringstream trace;
  RunOptions options;
  options.trace = &trace;
  EXPECT_TRUE(run_scenario(*scenario, 1, options).passed) << text;
  std::set<std::string> hashes;
  std::istringstream lines(trace.str());
  for (std::string line; std::getline(lines, line);) {
    const auto event = nlohmann::json::parse(line);
    if (event.value("message", "") != message || event.value("to", "") != "c") continue;
    if (event.value("kind", "") == "message") hashes.insert(event["hash"]);
  }
  return hashes.size();
}

TEST(Payload, IsAnotherForEachRepetitionAsATextWithItsNumberIs) {
  const auto args = [](const std::string& what) { return scenario_of("\"text\"", {}, what); };
  EXPECT_LT(came_to_c("cast", args("{ x = \"text\" }")),
            came_to_c("cast", args("{ x = \"text-{n}\" }")));
  EXPECT_EQ(came_to_c("cast", args("{ bytes = \"20KiB\" }")), 6U);  // of each sender another
  // A store is another each time, whatever it holds: it has a writer and a number.
  EXPECT_EQ(came_to_c("store", scenario_of("\"text\"")), 6U);
  EXPECT_EQ(came_to_c("store", scenario_of("{ bytes = \"20KiB\" }")), 6U);
}

TEST(Payload, IsAnotherForEachNodeThatSignsOrSends) {
  const std::string file = scenario_of("{ bytes = \"20KiB\" }", ", signed = true");
  EXPECT_EQ(came_to_c("store", file), 6U);
  EXPECT_EQ(came_to_c("cast", file), 6U);
}

}  // namespace
}  // namespace macula::sim
