// A trace as a log for ShiViz: its expression reads all of it, and the clocks say what may have
// been the cause of what, however many nodes there are.
#include "sim/study/shiviz_writer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "sim/run/operation.h"
#include "sim/study/worlds.h"
#include "tests/sim/trace_reading.h"
#include "tests/sim/troubled_text.h"

namespace macula::sim {
namespace {

using Clock = std::map<std::string, std::uint32_t>;

struct Event {
  std::string host;
  Clock clock;  // as written: the node's own entry, and that of the cause
  std::string event;
  Clock whole;  // the vector clock that follows from all of them
};

bool dominates(const Clock& later, const Clock& earlier) {
  for (const auto& [host, count] : earlier) {
    const auto known = later.find(host);
    if (known == later.end() || known->second < count) return false;
  }
  return true;
}

// As ShiViz reads it. It demands that a node's own entries count its events, and draws a line from
// each event of another node that an entry names for the first time.
std::vector<Event> read(const std::string& log) {
  std::istringstream in(log);
  std::string head;
  std::getline(in, head);
  EXPECT_EQ(head, "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)");
  std::string parting;
  std::getline(in, parting);
  EXPECT_EQ(parting, "");
  // The same expression, without the names of its groups.
  const std::regex first("(\\S*) (\\{.*\\})");
  std::vector<Event> events;
  std::map<std::string, std::vector<Clock>> whole;  // by node, one for each of its events
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, first)) {
      ADD_FAILURE() << line;
      break;
    }
    Event event{match[1], Json::parse(match[2].str()).get<Clock>(), {}, {}};
    EXPECT_TRUE(std::getline(in, event.event)) << line;
    std::vector<Clock>& own = whole[event.host];
    EXPECT_EQ(event.clock.at(event.host), own.size() + 1) << line;
    if (!own.empty()) event.whole = own.back();
    for (const auto& [host, count] : event.clock) {
      if (host == event.host) continue;
      const std::vector<Clock>& others = whole[host];
      if (count < 1 || count > others.size()) {
        ADD_FAILURE() << "of the future: " << line;
        continue;
      }
      for (const auto& [known, times] : others[count - 1]) {
        event.whole[known] = std::max(event.whole[known], times);
      }
    }
    event.whole[event.host] = event.clock.at(event.host);
    own.push_back(event.whole);
    events.push_back(std::move(event));
  }
  return events;
}

// Made by hand.
std::vector<Event> read(const Scenario& scenario, const std::vector<Told>& all) {
  const Roster roster(scenario);
  std::ostringstream out;
  ShivizWriter writer(roster, out);
  for (const Told& told : all) writer.take(told, {});
  writer.finish();
  return read(out.str());
}

class ShivizOf : public testing::TestWithParam<const char*> {};

TEST_P(ShivizOf, ClocksFollowTheMessages) {
  RunOptions options;
  options.world = find_world(GetParam()).value();
  const auto scenario = parse(kTroubledText);
  const Roster roster(*scenario);
  std::ostringstream out;
  ShivizWriter writer(roster, out);
  const Traced run = traced(kTroubledText, {}, options, &writer);
  writer.finish();
  const std::vector<Event> events = read(out.str());
  for (const Event& event : events) EXPECT_LE(event.clock.size(), 2U) << event.event;

  std::multiset<std::string> begun_or_ended;
  for (const Event& event : events) begun_or_ended.insert(event.event);
  for (const Json& line : run.lines) {
    const bool ended = line["kind"] == "ended";
    if (!ended && line["kind"] != "begun") continue;
    const std::int64_t ns = line["t"];
    std::string text =
        fmt::format("{}.{:09}s {} {} {}", ns / 1'000'000'000, ns % 1'000'000'000,
                    line["kind"].get<std::string>(), line["operation"].get<std::string>(),
                    line["verb"].get<std::string>());
    if (line.contains("label")) text += " " + line["label"].get<std::string>();
    if (ended) text += ": " + line["outcome"].get<std::string>();
    EXPECT_EQ(begun_or_ended.count(text), 1U) << text;
  }

  // Line by line beside the trace: where a message is handed over, its sender's clock is known.
  std::map<std::string, Clock> sent;
  std::map<std::string, Clock> handed;
  std::size_t next = 0;
  std::size_t requests = 0;
  std::size_t replies = 0;
  for (const Json& line : run.lines) {
    const std::string kind = line["kind"];
    const bool to = kind == "request" || kind == "message" || kind == "reply";
    if (!to && kind != "sent") continue;
    const std::string host = line[to ? "to" : "from"];
    const std::string message = line["message"];
    const std::string from = " from " + line["from"].get<std::string>();
    const std::string text = kind == "sent"    ? "s sent " + message + " to " + line.value("to", "")
                             : kind == "reply" ? "s " + message + from
                                               : "s " + kind + " " + message + from;
    while (next < events.size() &&
           (events[next].host != host || !events[next].event.ends_with(text))) {
      ++next;
    }
    ASSERT_LT(next, events.size()) << line;
    const Event& event = events[next++];
    const Clock& clock = event.whole;
    EXPECT_EQ(event.clock.size() == 2, kind != "sent") << line;
    const std::string exchange = line.value("exchange", "");
    if (kind == "sent") {
      sent[exchange] = clock;
    } else if (kind == "reply") {
      EXPECT_TRUE(dominates(clock, handed.at(exchange))) << line;
      ++replies;
    } else if (sent.count(exchange) != 0) {
      EXPECT_TRUE(dominates(clock, sent[exchange])) << line;
      handed[exchange] = clock;
      ++requests;
    }
  }
  EXPECT_GT(requests, 100U);
  EXPECT_GT(replies, 100U);
}

INSTANTIATE_TEST_SUITE_P(Worlds, ShivizOf, testing::Values("virtual", "virtual-quic"),
                         [](const auto& info) {
                           return std::string(info.param) == "virtual" ? "Virtual" : "Quic";
                         });

TEST(Shiviz, WhatHasNothingToDoWithEachOtherIsNotOrdered) {
  const auto scenario = parse(kHead + kExpect);
  const Roster roster(*scenario);
  const NodeNumber first = roster.find("eu#0");
  const NodeNumber asked = roster.find("eu#1");
  const NodeNumber other = roster.find("eu#2");
  const auto told = [&](std::int64_t t, ToldKind kind, NodeNumber from) {
    Told told{kTimeZero + Duration(t), kind, from, asked, {std::uint64_t{from} << 32 | 1, 0}};
    told.message = "find_node";
    return told;
  };
  const std::vector<Event> events =
      read(*scenario, {told(1, ToldKind::sent, first), told(2, ToldKind::sent, other),
                       told(3, ToldKind::request, first), told(4, ToldKind::failure, other),
                       told(5, ToldKind::request, other)});
  ASSERT_EQ(events.size(), 5U);
  EXPECT_EQ(events[2].clock, (Clock{{"eu#0", 1}, {"eu#1", 1}}));
  EXPECT_EQ(events[3].clock, (Clock{{"eu#2", 2}}));
  EXPECT_EQ(events[4].clock, (Clock{{"eu#1", 2}, {"eu#2", 1}}))
      << "handed over though its sender had given up";
  EXPECT_EQ(events[4].whole, (Clock{{"eu#0", 1}, {"eu#1", 2}, {"eu#2", 1}}));
  EXPECT_EQ(events[4].event, "0.000000005s request find_node from eu#2");
}

TEST(Shiviz, ALabelOfManyLinesIsOneEvent) {
  const auto scenario = parse(kHead + kExpect);
  const std::string label = "a\n\"{b}\"";
  Verb verb;
  verb.name = "find";
  Operation operation;
  operation.verb = &verb;
  operation.label = &label;
  Told told{kTimeZero + Duration(1), ToldKind::begun, Roster(*scenario).find("gw")};
  told.operation = &operation;
  told.count = 1;
  const std::vector<Event> events = read(*scenario, {told});
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].event, R"(0.000000001s begun gw/1 find a\n\"{b}\")");
}

// The room that an event takes does not depend on how many nodes there are.
TEST(Shiviz, ALogOfManyNodesIsNoLongerThanItsEvents) {
  const auto bytes_of_event = [](const char* count) {
    const auto scenario = parse(kHead + kExpect, {{"group.eu.count", count}});
    const Roster roster(*scenario);
    std::ostringstream out;
    ShivizWriter writer(roster, out);
    RunOptions options;
    options.trace_form = &writer;
    static_cast<void>(run_scenario(*scenario, 1, options));
    writer.finish();
    const std::string log = out.str();
    const auto lines = std::count(log.begin(), log.end(), '\n');
    EXPECT_GT(lines, 1000);
    return 2 * static_cast<double>(log.size()) / static_cast<double>(lines);
  };
  // Names and counts have another digit each.
  EXPECT_LT(bytes_of_event("1000"), bytes_of_event("100") + 8);
}

}  // namespace
}  // namespace macula::sim
