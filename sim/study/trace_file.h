// The file of a trace, in the format that its ending says: ".perfetto.json", ".shiviz", and JSON
// lines by any other name; ".gz" or ".zst" may follow. docs/traces.md.
//
//   TraceFile file("run.perfetto.json.zst", scenario);
//   file.ask_for(options);                     // of the run that it is to be a trace of
//   run_scenario(scenario, seed, options);
//   if (!file.close()) ...                     // it could not be written
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/run/roster.h"
#include "sim/run/run.h"
#include "sim/scenario/scenario.h"
#include "sim/study/packed_file.h"
#include "sim/study/perfetto_writer.h"
#include "sim/study/shiviz_writer.h"

namespace macula::sim {

// Whether a trace of this name is of JSON lines.
[[nodiscard]] bool is_of_lines(std::string_view path);

class TraceFile {
 public:
  // The trace of a run of this scenario, which outlives it.
  TraceFile(const std::string& path, const Scenario& scenario);
  ~TraceFile();
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;

  // The run writes to it.
  void ask_for(RunOptions& options);
  // Whether all of it is written.
  [[nodiscard]] bool close();

 private:
  PackedFile file_;
  std::optional<Roster> roster_;  // where another needs it
  std::optional<PerfettoWriter> perfetto_;
  std::optional<ShivizWriter> shiviz_;
  bool closed_ = false;
};

}  // namespace macula::sim
