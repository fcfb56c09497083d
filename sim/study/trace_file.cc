#include "sim/study/trace_file.h"

#include <fmt/format.h>

#include <cstddef>

namespace macula::sim {
namespace {

std::string_view without_packing(std::string_view path) {
  for (const std::string_view ending : {".gz", ".zst"}) {
    if (path.ends_with(ending)) return path.substr(0, path.size() - ending.size());
  }
  return path;
}

bool is_perfetto(std::string_view path) {
  return without_packing(path).ends_with(".perfetto.json");
}

bool is_shiviz(std::string_view path) {
  return without_packing(path).ends_with(".shiviz");
}

}  // namespace

std::string check_trace_file(std::string_view path, const Scenario& scenario) {
  std::size_t nodes = 0;
  for (const Population& population : scenario.populations) nodes += size_of(population);
  if (!is_shiviz(path) || nodes <= kMostShivizNodes) return {};
  return fmt::format(
      "--trace {}: each event of a ShiViz log has a clock of all nodes, and {} has {}: at most {} "
      "are allowed; use .jsonl or .perfetto.json",
      path, scenario.file, nodes, kMostShivizNodes);
}

TraceFile::TraceFile(const std::string& path, const Scenario& scenario) : file_(path) {
  if (is_perfetto(path)) {
    perfetto_.emplace(roster_.emplace(scenario), file_.stream());
    lines_.emplace([this](std::string_view line) { perfetto_->take(line); });
  } else if (is_shiviz(path)) {
    shiviz_.emplace(roster_.emplace(scenario), file_.stream());
    lines_.emplace([this](std::string_view line) { shiviz_->take(line); });
  }
}

TraceFile::~TraceFile() {
  static_cast<void>(close());
}

bool TraceFile::close() {
  if (closed_) return true;
  closed_ = true;
  if (perfetto_) perfetto_->finish();
  return file_.close();
}

}  // namespace macula::sim
