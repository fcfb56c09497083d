// Reads a trace back, and joins what belongs together: every message has been sent, every answer
// and failure has its request, and what is done for an operation is done while it is under way.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/run/run.h"
#include "sim/run/trace_form.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {

using Json = nlohmann::json;

struct Traced {
  RunResult result;
  std::vector<Json> lines;
};

// `form` is told the same.
inline Traced traced(const std::string& text, const Overrides& overrides = {},
                     RunOptions options = {}, TraceForm* form = nullptr) {
  const auto scenario = parse(text, overrides);
  if (!scenario) throw std::runtime_error(errors(text, overrides));
  const std::uint64_t digest = run_scenario(*scenario, 1, options).digest;
  std::stringstream out;
  options.trace = &out;
  options.trace_form = form;
  Traced traced{run_scenario(*scenario, 1, options), {}};
  for (std::string line; std::getline(out, line);) traced.lines.push_back(Json::parse(line));
  EXPECT_EQ(traced.result.digest, digest) << "to watch is no event";
  return traced;
}

// One exchange as a trace tells it.
struct ToldExchange {
  Json sent{};
  Json request{};
  std::map<std::string, std::size_t> there{};  // packets, by fate
  std::map<std::string, std::size_t> back{};
  std::vector<std::string> ends{};  // reply, failure, cancelled
};

struct ToldOperation {
  Json begun{};
  Json ended{};
  std::vector<Json> sent{};  // requests and one-way messages while it was under way, by any node
};

// All of one trace; a line that does not fit is a failure of the test.
class JoinedTrace {
 public:
  // `packets`: whether they say of which exchange they are.
  explicit JoinedTrace(const std::vector<Json>& lines, bool packets = true) : packets_(packets) {
    for (const Json& line : lines) {
      ++kinds[line["kind"]];
      if (line["kind"] == "begun") begin(line);
      if (line.contains("operation") || line.contains("after")) join_operation(line);
      if (line.contains("exchange")) {
        join_exchange(line);
      } else if (packets_) {
        EXPECT_EQ(of_exchanges_.count(line["kind"]), 0U) << line;
      }
    }
    for (const auto& [name, operation] : operations) {
      EXPECT_FALSE(operation.ended.is_null()) << operation.begun;
    }
  }

  std::map<std::string, ToldExchange> exchanges;
  std::map<std::string, ToldOperation> operations;
  std::map<std::string, std::size_t> kinds;

 private:
  // Kinds of lines that say of which exchange they are.
  const std::set<std::string> of_exchanges_{"sent",  "packet",  "request",   "message",
                                            "reply", "failure", "cancelled", "retransmit"};

  void begin(const Json& line) {
    EXPECT_TRUE(operations[line["operation"]].begun.is_null()) << line;
    operations[line["operation"]].begun = line;
  }

  void join_operation(const Json& line) {
    const bool inside = line.contains("operation");
    const std::string name = line[inside ? "operation" : "after"];
    ToldOperation& operation = operations[name];
    EXPECT_FALSE(operation.begun.is_null()) << line;
    EXPECT_EQ(operation.ended.is_null(), inside) << line;
    if (line["kind"] == "sent" && inside) operation.sent.push_back(line);
    if (line["kind"] != "ended") return;
    EXPECT_EQ(line["started"], operation.begun["t"]) << line;
    EXPECT_EQ(line["verb"], operation.begun["verb"]) << line;
    EXPECT_EQ(line.value("label", ""), operation.begun.value("label", "")) << line;
    operation.ended = line;
  }

  void join_exchange(const Json& line) {
    const std::string kind = line["kind"];
    ToldExchange& told = exchanges[line["exchange"]];
    if (kind == "sent") {
      EXPECT_TRUE(told.sent.is_null()) << line;
      told.sent = line;
    } else if (kind == "packet") {
      const bool back = !told.sent.is_null() && line["from"] != told.sent["from"];
      ++(back ? told.back : told.there)[line["fate"]];
    } else if (kind == "request" || kind == "message") {
      EXPECT_FALSE(told.sent.is_null()) << line;
      EXPECT_TRUE(told.request.is_null()) << "handed over twice: " << line;
      EXPECT_EQ(line["message"], told.sent["message"]) << line;
      EXPECT_EQ(line["to"], told.sent["to"]) << line;
      if (packets_) {
        EXPECT_GT(told.there["sent"], 0U) << line;
      }
      told.request = line;
    } else if (kind == "reply") {
      EXPECT_FALSE(told.request.is_null()) << line;
      EXPECT_EQ(line["to"], told.sent["from"]) << line;
      EXPECT_EQ(line["from"], told.sent["to"]) << line;
      if (packets_) {
        EXPECT_GT(told.back["sent"], 0U) << line;
      }
    } else if (kind == "failure") {
      EXPECT_FALSE(told.sent.is_null()) << line;
      EXPECT_EQ(line["from"], told.sent["from"]) << line;
    }
    if (kind == "reply" || kind == "failure" || kind == "cancelled") {
      told.ends.push_back(kind);
      EXPECT_EQ(told.ends.size(), 1U) << "ended twice: " << line;
    }
  }

  bool packets_;
};

}  // namespace macula::sim
