// A trace: a request, its packets, its answer and the operation that it is for can be joined.
#include "sim/run/trace.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/sim/trace_reading.h"

namespace macula::sim {
namespace {

// Stores, finds, calls, pings; a crash, a cut, and cancelled operations.
const std::string kTroubled = R"toml(
[scenario]
schema = 1
name = "troubled"
duration = "3min"
[protocol]
k = 4
[latency]
default = "uniform(5ms, 40ms)"
[link.home]
jitter = "lognormal(median=2ms, sigma=0.8)"
loss = "5%"
[[node]]
name = "bootstrap"
[[group]]
name = "eu"
count = 20
link = "home"
join = { via = "bootstrap", spread = "5s" }
[[at]]
t = "12s"
every = "5s"
until = "2min"
label = "store"
store = { by = "any(eu)", key = "note-{n}", value = { bytes = "3kB" } }
[[at]]
t = "13s"
advertise = { by = "eu#4", procedure = "calc.add" }
[[at]]
t = "15s"
every = "2s"
until = "170s"
label = "look-{n}"
lookup = { by = "any(eu)", key = "key-{n}" }
[[at]]
t = "20s"
crash = "eu#7 + eu#8"
[[at]]
t = "22s"
every = "1s"
until = "170s"
label = "find"
find = { by = "any(eu)", key = "note-{uniform(20)}", local = false }
[[at]]
t = "25s"
every = "2s"
until = "170s"
label = "call"
call = { by = "any(eu)", procedure = "calc.add", args = { a = 2, b = 3 } }
[[at]]
t = "26s"
every = "3s"
until = "170s"
label = "hasty"
find = { by = "any(eu)", key = "nothing-{n}", local = false, cancel_after = "30ms" }
[[at]]
t = "40s"
partition = { between = ["eu#1 + eu#2 + eu#3 + eu#5", "bootstrap + eu#9 + eu#10 + eu#11 + eu#12"] }
[[at]]
t = "70s"
heal = "all"
[[at]]
t = "90s"
every = "10s"
until = "150s"
ping = { by = "eu#9", to = "eu#7", timeout = "100ms" }
[[at]]
t = "100s"
restart = { nodes = "eu#7", state = "keep" }
[[expect]]
name = "all up"
metric = "healthy(all)"
at_least = "0%"
)toml";

TEST(Trace, WhatBelongsTogetherCanBeJoinedWhateverIsLost) {
  const std::vector<Overrides> variants = {
      {},
      {{"link.home.loss", "30%"}},
      {{"scenario.connections", "warm"}},
      {{"scenario.wire", "encoded"}, {"scenario.chunks", "random"}},
      {{"group.eu.activation", "80ms"}},
      {{"latency.default", "uniform(300ms, 1500ms)"}},
      {{"scenario.profile", "macula-0.8"}}};
  std::set<std::string> fates;
  std::set<std::string> ends;
  for (const Overrides& overrides : variants) {
    SCOPED_TRACE(overrides.empty() ? "plain" : overrides.front().second);
    const Traced run = traced(kTroubled, overrides);
    const JoinedTrace joined(run.lines);
    std::size_t inside = 0;
    for (const auto& [name, exchange] : joined.exchanges) {
      for (const auto& [fate, count] : exchange.there) fates.insert(fate);
      for (const auto& [fate, count] : exchange.back) fates.insert(fate);
      ends.insert(exchange.ends.begin(), exchange.ends.end());
      // A request that was never handed over brought no answer. A meeting is answered by the host.
      const bool asks = !exchange.sent.is_null() && exchange.sent["message"] != "connect";
      if (asks && exchange.request.is_null()) {
        EXPECT_EQ(exchange.back.count("sent"), 0U) << exchange.sent;
      }
    }
    for (const auto& [name, operation] : joined.operations) inside += operation.sent.size();
    EXPECT_GT(inside, 200U);
    EXPECT_GT(joined.kinds.at("packet"), joined.kinds.at("request"));
  }
  EXPECT_EQ(fates, (std::set<std::string>{"cut", "late", "lost", "missed", "sent"}));
  EXPECT_EQ(ends, (std::set<std::string>{"cancelled", "failure", "reply"}));
}

TEST(Trace, LookupsHaveTheRequestsThatTheyHaveCounted) {
  // Some are asked when a timer says that others have been silent for too long.
  const std::string lookups =
      "[[at]]\nt = \"19s\"\ncrash = \"eu#2 + eu#3 + eu#4\"\n"
      "[[at]]\nt = \"20s\"\nevery = \"500ms\"\nuntil = \"40s\"\nlabel = \"look\"\n"
      "lookup = { by = \"any(eu)\", key = \"key-{n}\" }\n";
  const Traced run = traced(kHead + lookups + kExpect, {{"latency.loss", "10%"}});
  const JoinedTrace joined(run.lines);
  std::size_t requests = 0;
  ASSERT_EQ(joined.operations.size(), 41U);
  for (const auto& [name, operation] : joined.operations) {
    EXPECT_EQ(operation.begun["verb"], "lookup");
    EXPECT_EQ(operation.begun["label"], "look");
    EXPECT_EQ(operation.begun["key"].get<std::string>().rfind("key-", 0), 0U);
    EXPECT_EQ(operation.ended["outcome"], "ok");
    for (const Json& sent : operation.sent) {
      if (sent["message"] != "find_node" || sent["from"] != operation.begun["from"]) continue;
      EXPECT_EQ(sent["target"], operation.begun["id"]);
      ++requests;
    }
  }
  EXPECT_GT(run.result.metrics.at("lookup.slow").mean, 0);
  const Summary& rpcs = run.result.metrics.at("lookup.rpcs");
  ASSERT_EQ(rpcs.count, 41U);
  EXPECT_NEAR(static_cast<double>(requests), rpcs.mean * 41, 0.5);
}

TEST(Trace, AnOperationThatFailedSaysWhy) {
  const std::string steps =
      "[[at]]\nt = \"20s\"\nlabel = \"nothing\"\nfind = { by = \"eu#1\", key = \"none\" }\n"
      "[[at]]\nt = \"30s\"\ncrash = \"eu#2\"\n"
      "[[at]]\nt = \"31s\"\nlabel = \"dead\"\nping = { by = \"eu#1\", to = \"eu#2\" }\n"
      "[[at]]\nt = \"59990ms\"\nlabel = \"late\"\nping = { by = \"eu#1\", to = \"eu#3\" }\n";
  const Traced run = traced(kHead + steps + kExpect, {{"latency.default", "100ms"}});
  std::map<std::string, std::string> outcomes;
  for (const auto& [name, operation] : JoinedTrace(run.lines).operations) {
    outcomes[operation.ended["label"]] = operation.ended["outcome"];
  }
  EXPECT_EQ(outcomes["nothing"], "not_found");
  EXPECT_EQ(outcomes["dead"], "timeout");
  EXPECT_EQ(outcomes["late"], "unfinished");
}

TEST(Trace, AChoreCausesWhatItSends) {
  const Traced run = traced(kHead + kExpect, {{"scenario.duration", "40min"}});
  std::set<std::string> chores;
  for (const Json& line : run.lines) {
    if (line["kind"] != "sent" || !line.contains("chore")) continue;
    EXPECT_EQ(line["cause"], "maintenance");
    chores.insert(line["chore"]);
  }
  EXPECT_EQ(chores, (std::set<std::string>{"probe", "refresh"}));
}

// The doings of a node have the same numbers whatever others do.
TEST(Trace, NumbersAreTheNodesOwn) {
  const std::string ping =
      "[[at]]\nt = \"30s\"\nlabel = \"p\"\nping = { by = \"eu#1\", to = \"eu#2\" }\n";
  const std::string others =
      "[[at]]\nt = \"20s\"\nevery = \"1s\"\nping = { by = \"eu#3\", to = \"eu#4\" }\n";
  const auto begun = [](const Traced& run) {
    for (const Json& line : run.lines) {
      if (line["kind"] == "sent" && line.value("operation", "") == "eu#1/1") return line;
    }
    return Json();
  };
  const Json alone = begun(traced(kHead + ping + kExpect));
  ASSERT_FALSE(alone.is_null());
  EXPECT_EQ(alone, begun(traced(kHead + others + ping + kExpect)));
}

// ----- --trace-only -----

TraceFilter filter(const std::string& text) {
  const auto parsed = parse_trace_filter(text);
  EXPECT_TRUE(parsed.has_value()) << (parsed ? "" : parsed.error());
  return parsed.value_or(TraceFilter{});
}

TEST(TraceFilter, KeepsWhatFitsAndChangesNothingOfIt) {
  const Traced whole = traced(kTroubled);
  const auto expect = [&](const std::string& text, const auto& fits) {
    RunOptions options;
    options.trace_only = filter(text);
    std::vector<Json> expected;
    for (const Json& line : whole.lines) {
      if (line["kind"] == "end") {
        expected.push_back(line);
        expected.back()["part"] = true;
      } else if (fits(line)) {
        expected.push_back(line);
      }
    }
    EXPECT_GT(expected.size(), 2U) << text;
    EXPECT_EQ(traced(kTroubled, {}, options).lines, expected) << text;
  };
  std::set<std::string> finds;
  for (const Json& line : whole.lines) {
    if (line["kind"] == "begun" && line.value("label", "") == "find") {
      finds.insert(line["operation"]);
    }
  }
  expect("label=find", [&](const Json& line) {
    return finds.count(line.value("operation", line.value("after", ""))) != 0;
  });
  const auto is = [](const Json& line, const char* key, const std::string& value) {
    return line.value(key, "") == value;
  };
  expect("kind=failure,kind=ended", [&](const Json& line) {
    return is(line, "kind", "failure") || is(line, "kind", "ended");
  });
  expect("node=eu#1",
         [&](const Json& line) { return is(line, "from", "eu#1") || is(line, "to", "eu#1"); });
  expect("from=bootstrap,to=eu", [&](const Json& line) {
    return is(line, "from", "bootstrap") && line.value("to", "").starts_with("eu#");
  });
  expect("from=40s,to=41s", [&](const Json& line) {
    return line["t"] >= 40'000'000'000 && line["t"] <= 41'000'000'000;
  });
}

TEST(TraceFilter, AValueWithACommaStandsInQuotes) {
  const auto filter = parse_trace_filter("label='read:5%, x',node=\"eu\"");
  ASSERT_TRUE(filter) << filter.error();
  EXPECT_EQ(filter->labels, std::vector<std::string>{"read:5%, x"});
  EXPECT_EQ(filter->nodes, std::vector<std::string>{"eu"});
  // Within a value a quote is a letter.
  const auto apostrophe = parse_trace_filter("label=it's,node=eu");
  ASSERT_TRUE(apostrophe) << apostrophe.error();
  EXPECT_EQ(apostrophe->labels, std::vector<std::string>{"it's"});
  EXPECT_EQ(apostrophe->nodes, std::vector<std::string>{"eu"});
}

TEST(TraceFilter, SaysWhatIsAllowed) {
  const auto wrong = [](const std::string& text) {
    const auto parsed = parse_trace_filter(text);
    return parsed ? check_trace_filter(*parsed, *parse(kTroubled)) : parsed.error();
  };
  EXPECT_EQ(wrong("label=find,label=look-3,label=look-{n},node=eu,node=eu#19,from=10s"), "");
  EXPECT_NE(wrong("colour=red").find("label, operation, node, kind"), std::string::npos);
  EXPECT_NE(wrong("").find("KEY=VALUE"), std::string::npos);
  EXPECT_NE(wrong("label=").find("KEY=VALUE"), std::string::npos);
  EXPECT_NE(wrong("kind=gossip").find("maintenance"), std::string::npos);
  EXPECT_NE(wrong("label=fnd").find("did you mean `find`"), std::string::npos)
      << wrong("label=fnd");
  EXPECT_NE(wrong("node=us").find("bootstrap"), std::string::npos) << wrong("node=us");
  EXPECT_NE(wrong("node=eu#20"), "");
  EXPECT_NE(wrong("to=eux"), "");
  EXPECT_NE(wrong("from=20s,to=10s"), "");
  EXPECT_EQ(wrong("operation=eu#3/2"), "");
  EXPECT_NE(wrong("operation=eu#3").find("NODE/NUMBER"), std::string::npos);
  EXPECT_NE(wrong("operation=us#3/2").find("no node is 'us#3'"), std::string::npos);
  EXPECT_NE(wrong("from=10h").find("after the run has ended"), std::string::npos);
}

}  // namespace
}  // namespace macula::sim
