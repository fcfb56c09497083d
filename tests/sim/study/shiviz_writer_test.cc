// A trace as a log for ShiViz: its expression reads all of it, and the clocks say what may have
// been the cause of what.
#include "sim/study/shiviz_writer.h"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "sim/study/trace_file.h"
#include "sim/study/worlds.h"
#include "tests/sim/trace_reading.h"
#include "tests/sim/troubled_text.h"

namespace macula::sim {
namespace {

using Clock = std::map<std::string, std::uint32_t>;

struct Told {
  std::string host;
  Clock clock;
  std::string event;
};

bool dominates(const Clock& later, const Clock& earlier) {
  for (const auto& [host, count] : earlier) {
    const auto known = later.find(host);
    if (known == later.end() || known->second < count) return false;
  }
  return true;
}

std::vector<Told> told(const Scenario& scenario, const std::vector<Json>& lines) {
  const Roster roster(scenario);
  std::ostringstream out;
  ShivizWriter writer(roster, out);
  for (const Json& line : lines) writer.take(written(line));
  std::istringstream in(out.str());
  std::string head;
  std::getline(in, head);
  EXPECT_EQ(head, "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)");
  std::string parting;
  std::getline(in, parting);
  EXPECT_EQ(parting, "");
  // The same expression, without the names of its groups.
  const std::regex first("(\\S*) (\\{.*\\})");
  std::vector<Told> events;
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, first)) {
      ADD_FAILURE() << line;
      break;
    }
    Told event{match[1], Json::parse(match[2].str()).get<Clock>(), {}};
    EXPECT_TRUE(std::getline(in, event.event)) << line;
    events.push_back(std::move(event));
  }
  return events;
}

class ShivizOf : public testing::TestWithParam<const char*> {};

TEST_P(ShivizOf, ClocksFollowTheMessages) {
  RunOptions options;
  options.world = find_world(GetParam()).value();
  const Traced run = traced(kTroubledText, {}, options);
  const std::vector<Told> events = told(*parse(kTroubledText), run.lines);

  std::map<std::string, Clock> last;
  for (const Told& event : events) {
    Clock& before = last[event.host];
    EXPECT_EQ(event.clock.at(event.host), before[event.host] + 1) << event.event;
    EXPECT_TRUE(dominates(event.clock, before)) << event.event;
    for (const auto& [host, count] : event.clock) {
      EXPECT_LE(count, host == event.host ? count : last[host][host]) << "of the future";
    }
    before = event.clock;
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
    const Clock& clock = events[next++].clock;
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
  const auto line = [](std::int64_t t, const char* kind, const char* from, const char* to,
                       const char* exchange) {
    return Json{{"t", t},   {"kind", kind},         {"from", from},
                {"to", to}, {"exchange", exchange}, {"message", "find_node"}};
  };
  const std::vector<Told> events = told(
      *parse(kHead + kExpect),
      {line(1, "sent", "eu#0", "eu#1", "eu#0/1"),
       line(2, "sent", "eu#2", "eu#1", "eu#2/1"),
       line(3, "request", "eu#0", "eu#1", "eu#0/1"),
       {{"t", 4}, {"kind", "failure"}, {"from", "eu#2"}, {"to", "eu#1"}, {"exchange", "eu#2/1"}},
       line(5, "request", "eu#2", "eu#1", "eu#2/1")});
  ASSERT_EQ(events.size(), 5U);
  EXPECT_EQ(events[2].clock, (Clock{{"eu#0", 1}, {"eu#1", 1}}));
  EXPECT_EQ(events[3].clock, (Clock{{"eu#2", 2}}));
  EXPECT_EQ(events[4].clock, (Clock{{"eu#0", 1}, {"eu#1", 2}, {"eu#2", 1}}))
      << "handed over though its sender had given up";
  EXPECT_EQ(events[4].event, "0.000000005s request find_node from eu#2");
}

TEST(Shiviz, ALabelOfManyLinesIsOneEvent) {
  const std::vector<Told> events = told(*parse(kHead + kExpect), {{{"t", 1},
                                                                   {"kind", "begun"},
                                                                   {"from", "gw"},
                                                                   {"operation", "gw/1"},
                                                                   {"verb", "find"},
                                                                   {"label", "a\n\"{b}\""}}});
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].event, R"(0.000000001s begun gw/1 find a\n\"{b}\")");
}

TEST(Shiviz, TooManyNodesAreRefused) {
  const auto with = [](const char* count) {
    return *parse(kHead + kExpect, {{"group.eu.count", count}});
  };
  for (const char* path : {"t.shiviz", "t.shiviz.gz", "t.shiviz.zst"}) {
    EXPECT_EQ(check_trace_file(path, with("998")), "");
    EXPECT_NE(check_trace_file(path, with("999")).find("has 1001: at most 1000 are allowed"),
              std::string::npos);
  }
  EXPECT_EQ(check_trace_file("t.jsonl", with("999")), "");
  EXPECT_EQ(check_trace_file("t.perfetto.json", with("999")), "");
}

}  // namespace
}  // namespace macula::sim
