#include "sim/study/events_around.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "base/text/units.h"
#include "sim/run/run.h"
#include "sim/study/trace_line.h"

namespace macula::sim {
namespace {

// From two checkpoints before the time to two behind it: there are enough events on either side,
// but at the ends of a run.
EventRange range_around(const std::vector<Checkpoint>& checkpoints, Time time) {
  const auto behind =
      std::find_if(checkpoints.begin(), checkpoints.end(),
                   [&](const Checkpoint& point) { return point.virtual_ns >= to_ns(time); });
  EventRange range;
  if (behind - checkpoints.begin() >= 2) range.first = (behind - 2)->events + 1;
  if (checkpoints.end() - behind >= 2) range.last = (behind + 1)->events;
  return range;
}

}  // namespace

tl::expected<EventsAround, std::string> events_around(const Scenario& scenario, std::uint64_t seed,
                                                      Time time, std::size_t most) {
  const RunResult whole = run_scenario(scenario, seed, {});
  if (to_ns(time) > whole.virtual_ns) {
    const std::string why = whole.crash.empty() ? std::string() : ": " + whole.crash;
    return tl::unexpected(fmt::format("the run ends at {}, before {}{}",
                                      describe_duration(Duration(whole.virtual_ns)),
                                      describe_duration(time - kTimeZero), why));
  }
  RunOptions options;
  std::ostringstream trace;
  options.trace = &trace;
  options.traced = range_around(whole.checkpoints, time);
  Scenario part = scenario;
  part.max_events = std::min(part.max_events, options.traced.last);
  // Its end is not that of the run, and no result of it is of use.
  static_cast<void>(run_scenario(part, seed, options));
  EventsAround around;
  std::istringstream lines(trace.str());
  TraceLine read;
  for (std::string line; std::getline(lines, line) && around.from.size() < most;) {
    read.read(line);
    (read.t() < to_ns(time) ? around.before : around.from).push_back(line);
  }
  if (around.before.size() > most) {
    around.before.erase(around.before.begin(),
                        around.before.end() - static_cast<std::ptrdiff_t>(most));
  }
  return around;
}

}  // namespace macula::sim
