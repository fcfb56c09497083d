// The events of a run around a time, as lines of its trace (sim/run/trace.h).
//
//   auto around = events_around(scenario, 7, kTimeZero + std::chrono::seconds(90), 20);
//   for (const std::string& line : around->before) std::cout << event_text(line) << '\n';
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/time.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

struct EventsAround {
  std::vector<std::string> before;  // the last ones before the time
  std::vector<std::string> from;    // the first ones at it or after
};

// At most so many of each. The scenario is run twice: to learn which events are near, and to see
// them. The error is for a person: a time at which the run has ended, a check that fails earlier.
[[nodiscard]] tl::expected<EventsAround, std::string> events_around(const Scenario& scenario,
                                                                    std::uint64_t seed, Time time,
                                                                    std::size_t most);

}  // namespace macula::sim
