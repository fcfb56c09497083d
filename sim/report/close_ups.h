// Looks at runs of a store from nearby: of each scenario at the run that tells most, those that
// failed first. Each is made again from its file and seed; one that would not be the same run is
// not shown, and the group says why.
//
//   add_close_ups(kit, stores, kRerunEvents, interrupted);
//   stores[0].groups[0].close_up;
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "sim/report/report_data.h"
#include "sim/report/thinning.h"
#include "sim/scenario/kit.h"

namespace macula::sim {

// The number of scenarios with a close-up: as many as a page tells.
inline constexpr std::size_t kCloseUps = Thinning{}.close_ups;
// Runs of so many events together, where nothing else is said: a few seconds.
inline constexpr std::uint64_t kRerunEvents = 2'000'000;

// `events`: of the runs that are made again, together; 0: none is.
void add_close_ups(const Kit& kit, std::vector<ReportedStore>& stores, std::uint64_t events,
                   const std::function<bool()>& stop);

}  // namespace macula::sim
