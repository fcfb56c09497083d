// The output of a sweep: tidy CSV, a row for each point, seed and metric; and a table with a row
// for each point.
//
//   SweepOutput output(sweep, csv.get());   // nullptr: no CSV
//   output.add(i, outcome.result);          // in order of the runs
//   for (const std::string& line : output.table()) ...
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "sim/scenario/result.h"
#include "sim/study/output_file.h"
#include "sim/study/run_means.h"
#include "sim/study/sweep_batch.h"

namespace macula::sim {

class SweepOutput {
 public:
  // The sweep outlives this object, and so does the file, which is written to from the first row
  // on.
  SweepOutput(const SweepBatch& sweep, OutputFile* csv);

  void add(std::size_t run, const RunResult& result);

  // The figures of the points that ran: how many passed, and the means over the seeds of success,
  // recall, the latency of lookups and messages.
  [[nodiscard]] std::vector<std::string> table() const;
  // The head of the CSV, where there was no row. The error: it cannot be written; empty: it is.
  [[nodiscard]] std::string close();

 private:
  void begin();
  void write_rows(std::size_t run, const RunResult& result);

  const SweepBatch& sweep_;
  OutputFile* file_;
  std::ostream* csv_ = nullptr;  // once there is something to write
  std::vector<RunMeans> points_;
};

// A cell of CSV after RFC 4180.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace macula::sim
