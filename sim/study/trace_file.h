// The file of a trace, in the format that its ending says: ".perfetto.json", ".shiviz", and JSON
// lines by any other name; ".gz" or ".zst" may follow. docs/traces.md.
//
//   TraceFile file("run.perfetto.json.zst", scenario);
//   file.stream() << lines;                    // JSON lines, in any format
//   if (!file.close()) ...                     // it could not be written
#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "sim/run/roster.h"
#include "sim/scenario/scenario.h"
#include "sim/study/line_sink.h"
#include "sim/study/packed_file.h"
#include "sim/study/perfetto_writer.h"
#include "sim/study/shiviz_writer.h"

namespace macula::sim {

// What of the scenario the format has no room for; empty: nothing.
[[nodiscard]] std::string check_trace_file(std::string_view path, const Scenario& scenario);

class TraceFile {
 public:
  // Of a run of this scenario, which outlives it. check_trace_file has nothing to say.
  TraceFile(const std::string& path, const Scenario& scenario);
  ~TraceFile();
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;

  [[nodiscard]] std::ostream& stream() { return lines_ ? lines_->stream() : file_.stream(); }
  // Whether all of it is written.
  [[nodiscard]] bool close();

 private:
  PackedFile file_;
  std::optional<Roster> roster_;  // where another needs it
  std::optional<PerfettoWriter> perfetto_;
  std::optional<ShivizWriter> shiviz_;
  std::optional<LineSink> lines_;
  bool closed_ = false;
};

}  // namespace macula::sim
