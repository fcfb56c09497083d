// A trace as trace events: each line is drawn once, as the format of the viewers wants it.
#include "sim/study/perfetto_writer.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "sim/run/operation.h"
#include "sim/study/trace_file.h"
#include "sim/study/worlds.h"
#include "tests/sim/trace_reading.h"
#include "tests/sim/troubled_text.h"
#include "tests/temp_folder.h"

namespace macula::sim {
namespace {

// A run, and how it is drawn.
struct Drawn {
  Traced run;
  Json events;
};

Drawn drawn(const std::string& text, const RunOptions& options = {}) {
  const auto scenario = parse(text);
  const Roster roster(*scenario);
  std::ostringstream out;
  PerfettoWriter writer(roster, out);
  Traced run = traced(text, {}, options, &writer);
  writer.finish();
  return {std::move(run), Json::parse(out.str())};
}

// Made by hand. `fields`: those of every line.
std::string drawn(const Scenario& scenario, const std::vector<Told>& all,
                  std::string_view fields = {}) {
  const Roster roster(scenario);
  std::ostringstream out;
  PerfettoWriter writer(roster, out);
  for (const Told& told : all) writer.take(told, fields);
  writer.finish();
  return out.str();
}

std::vector<Json> of_phase(const Json& events, const std::string& phases) {
  std::vector<Json> found;
  for (const Json& event : events) {
    if (phases.find(event["ph"].get<std::string>()) != std::string::npos) found.push_back(event);
  }
  return found;
}

class PerfettoOf : public testing::TestWithParam<const char*> {};

TEST_P(PerfettoOf, EveryLineIsDrawnWhereItBelongs) {
  RunOptions options;
  options.world = find_world(GetParam()).value();
  const bool packets = options.world.name == "virtual";
  const auto [run, events] = drawn(kTroubledText, options);

  std::map<std::string, std::size_t> told;
  std::size_t stopped = 0;
  for (const Json& line : run.lines) {
    ++told[line["kind"]];
    if (line["kind"] == "packet" && line["fate"] != "sent") ++stopped;
  }
  // Processes, threads.
  std::map<std::int64_t, std::string> processes;
  std::map<std::pair<std::int64_t, std::int64_t>, std::string> threads;
  for (const Json& event : of_phase(events, "M")) {
    const std::string name = event["args"]["name"];
    const bool fresh = event["name"] == "process_name"
                           ? processes.emplace(event["pid"], name).second
                           : threads.emplace(std::pair(event["pid"], event["tid"]), name).second;
    EXPECT_TRUE(fresh) << event;
  }
  std::set<std::string> names;
  for (const auto& [pid, name] : processes) names.insert(name);
  EXPECT_EQ(names, (std::set<std::string>{"nodes", "north", "faults"}));

  std::map<std::pair<std::int64_t, std::int64_t>, double> last;
  std::map<std::pair<std::int64_t, std::int64_t>, std::vector<std::string>> open;
  std::map<std::string, std::size_t> slices;
  std::map<std::string, std::size_t> instants;
  std::map<std::pair<std::string, std::int64_t>, std::pair<std::size_t, std::size_t>> flows;
  std::map<std::string, std::vector<std::string>> faults;
  Json slice;
  for (const Json& event : events) {
    const std::string phase = event["ph"];
    if (phase == "M") continue;
    const std::pair<std::int64_t, std::int64_t> track(event["pid"], event["tid"]);
    EXPECT_GE(event["ts"], last[track]) << event;
    last[track] = event["ts"];
    EXPECT_EQ(processes.count(track.first), 1U) << event;
    if (phase == "B") {
      EXPECT_TRUE(open[track].empty()) << event;
      open[track].push_back(event["args"]["operation"]);
      EXPECT_EQ(threads.at(track).rfind(event["args"]["from"].get<std::string>() + " op", 0), 0U);
    } else if (phase == "E") {
      ASSERT_EQ(open[track].size(), 1U) << event;
      EXPECT_EQ(open[track].back(), event["args"]["operation"]);
      EXPECT_TRUE(event["args"].contains("outcome"));
      open[track].pop_back();
    } else if (phase == "X") {
      slice = event;
      ++slices[event["args"].contains("message") ? "handed or sent" : "reply leaves"];
    } else if (phase == "s" || phase == "f") {
      // It is bound to the slice just before it.
      EXPECT_EQ(slice["ts"], event["ts"]);
      EXPECT_EQ(slice["tid"], event["tid"]);
      auto& [starts, ends] = flows[{event["name"], event["id"]}];
      ++(phase == "s" ? starts : ends);
      EXPECT_EQ(starts, 1U) << event;
      EXPECT_LE(ends, 1U) << event;
    } else if (phase == "i") {
      ++instants[event["name"]];
    } else {
      faults[event["name"]].push_back(phase);
    }
  }
  EXPECT_EQ(of_phase(events, "B").size(), told["begun"]);
  EXPECT_EQ(of_phase(events, "E").size(), told["ended"]);
  EXPECT_EQ(slices["handed or sent"],
            told["sent"] + told["request"] + told["message"] + told["reply"]);
  for (const char* kind : {"failure", "cancelled", "retransmit", "maintenance", "crash", "restart",
                           "pause", "resume", "end"}) {
    EXPECT_EQ(instants[kind], told[kind]) << kind;
  }
  EXPECT_EQ(instants["lost"] + instants["cut"] + instants["late"] + instants["missed"], stopped);
  // A message that is handed over has its arrow; a reply, too, where packets are told.
  std::size_t requests = 0;
  std::size_t replies = 0;
  for (const auto& [flow, ends] : flows) {
    (flow.first.rfind("reply to ", 0) == 0 ? replies : requests) += ends.second;
  }
  EXPECT_EQ(requests, told["request"] + told["message"]);
  EXPECT_EQ(replies, packets ? told["reply"] : 0U);
  const std::vector<std::string> span{"b", "e"};
  EXPECT_EQ(faults, (std::map<std::string, std::vector<std::string>>{{"crash eu#7", span},
                                                                     {"crash eu#8", {"b"}},
                                                                     {"partition 1", span},
                                                                     {"pause eu#9", span}}));
}

INSTANTIATE_TEST_SUITE_P(Worlds, PerfettoOf, testing::Values("virtual", "virtual-quic"),
                         [](const auto& info) {
                           return std::string(info.param) == "virtual" ? "Virtual" : "Quic";
                         });

TEST(Perfetto, APartOfATraceHasNoHalfFlowsOrSpans) {
  for (const char* kind : {"request", "reply", "ended", "packet", "sent"}) {
    RunOptions options;
    options.trace_only.kinds = {kind};
    const Json events = drawn(kTroubledText, options).events;
    EXPECT_GT(events.size(), 100U) << kind;
    EXPECT_TRUE(of_phase(events, "fE").empty()) << kind;
  }
}

TEST(Perfetto, TimesAreExactAndTextsEscaped) {
  const auto scenario = parse(kHead + kExpect);
  const NodeNumber gw = Roster(*scenario).find("gw");
  const std::string label = "a \"b\"\\\n\x01,}{";
  Verb verb;
  verb.name = "find";
  Operation operation;
  operation.verb = &verb;
  operation.label = &label;
  operation.number = 7;
  Told begun{kTimeZero + Duration(1234567), ToldKind::begun, gw};
  begun.operation = &operation;
  Told ended{kTimeZero + Duration(180000000000001), ToldKind::ended, gw};
  ended.operation = &operation;
  const Json events = Json::parse(drawn(*scenario, {begun, ended}, R"("key":"}\",")"));
  ASSERT_EQ(of_phase(events, "BE").size(), 2U);
  const Json first = of_phase(events, "B").front();
  EXPECT_EQ(first["name"], "find " + label);
  EXPECT_EQ(first["args"]["key"], "}\",");
  EXPECT_NE(drawn(*scenario, {Told{kTimeZero + Duration(1234567), ToldKind::crash, gw}})
                .find("\"ts\":1234.567,"),
            std::string::npos);
  EXPECT_NE(drawn(*scenario, {Told{kTimeZero + Duration(180000000000001), ToldKind::crash, gw}})
                .find("\"ts\":180000000000.001,"),
            std::string::npos);
}

// The drawing of a line says all that the line says.
TEST(Perfetto, ArgumentsAreTheFieldsOfTheLine) {
  const auto [run, events] = drawn(kTroubledText);
  std::multiset<std::string> lines;
  for (Json line : run.lines) {
    line.erase("t");
    line.erase("kind");
    lines.insert(line.dump());
  }
  std::size_t drawn = 0;
  for (const Json& event : events) {
    if (event["ph"] == "M" || !event.contains("args")) continue;
    EXPECT_NE(lines.count(event["args"].dump()), 0U) << event;
    ++drawn;
  }
  EXPECT_GT(drawn, 1000U);
}

TEST(Perfetto, ARunThatBreaksOffLeavesAWholeFile) {
  const TempFolder folder;
  const std::string path = folder.path("t.perfetto.json");
  const auto scenario = parse(kTroubledText);
  {
    TraceFile file(path, *scenario);
    RunOptions options;
    file.ask_for(options);
    int asked = 0;
    options.stop = [&] { return ++asked > 300; };
    EXPECT_TRUE(run_scenario(*scenario, 1, options).interrupted);
  }  // nobody closes it
  const Json events = Json::parse(read_text(path));
  EXPECT_GT(events.size(), 100U);
  EXPECT_EQ(events.back()["name"], "broken off");
}

}  // namespace
}  // namespace macula::sim
