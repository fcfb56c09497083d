// A trace over real QUIC in virtual time: lines that belong together can be joined there, too.
#include <gtest/gtest.h>

#include <string>

#include "sim/study/worlds.h"
#include "tests/sim/trace_reading.h"

namespace macula::sim {
namespace {

const std::string kTracedSteps = R"toml(
[[at]]
t = "5s"
label = "write"
store = { by = "eu#1", key = "a", value = "1" }
[[at]]
t = "10s"
every = "1s"
until = "50s"
label = "read"
find = { by = "any(eu)", key = "a", local = false }
[[at]]
t = "20s"
crash = "eu#7"
[[at]]
t = "22s"
ping = { by = "eu#1", to = "eu#7", timeout = "1s" }
[[at]]
t = "25s"
partition = { between = ["eu#2", "bootstrap + eu#3 + eu#4 + eu#5"] }
[[at]]
t = "35s"
heal = "all"
[[at]]
t = "12s"
every = "4s"
until = "50s"
label = "hasty"
lookup = { by = "any(eu)", key = "k-{n}", cancel_after = "25ms" }
)toml";

TEST(QuicTrace, WhatBelongsTogetherCanBeJoined) {
  RunOptions options;
  options.world = find_world("virtual-quic").value();
  const Traced run = traced(kHead + kTracedSteps + kExpect,
                            {{"latency.default", "20ms"}, {"latency.loss", "5%"}}, options);
  JoinedTrace joined(run.lines, /*packets=*/false);
  std::size_t served = 0;
  std::size_t inside = 0;
  for (const auto& [name, exchange] : joined.exchanges) {
    served += exchange.request.is_null() ? 0U : 1U;
  }
  for (const auto& [name, operation] : joined.operations) inside += operation.sent.size();
  EXPECT_EQ(served, joined.kinds.at("request") + joined.kinds["message"])
      << "each that is handed over says of which exchange it is";
  EXPECT_GT(inside, 20U);
  EXPECT_GT(joined.kinds.at("packet"), joined.kinds.at("sent"));
  EXPECT_GT(joined.kinds.at("failure"), 0U);
  EXPECT_GT(joined.kinds.at("cancelled"), 0U);
}

}  // namespace
}  // namespace macula::sim
