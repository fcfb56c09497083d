// All that the page of a store, or of two, tells: read from results, nothing is run.
//
//   auto store = read_reported("results");
//   auto text = report_data(kit, {std::move(*store)});   // JSON
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/report/group.h"
#include "sim/scenario/kit.h"
#include "sim/study/unit.h"

namespace macula::sim {

// The data of a page stay below this, whatever the store: what does not fit is left out, and said
// to be.
inline constexpr std::size_t kReportBytesMax = 3'800'000;

struct ReportedStore {
  std::string folder;
  Provenance program;
  std::vector<Group> groups;         // at least one
  std::vector<std::string> missing;  // runs that were asked for and are not there
};

// The error is for a person: no store, or one without results.
[[nodiscard]] tl::expected<ReportedStore, std::string> read_reported(const std::string& folder);

// The report's data of one store, or of two that are compared. The error: the two are no pair.
[[nodiscard]] tl::expected<std::string, std::string> report_data(
    const Kit& kit, const std::vector<ReportedStore>& stores,
    std::size_t bytes_max = kReportBytesMax);

}  // namespace macula::sim
