// The files that `macula-sim run` writes: opened before the first run, so that no hours are lost to
// a path that cannot be written, or to one that holds the input.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "sim/study/batch.h"
#include "sim/study/campaign.h"
#include "sim/study/json_output.h"
#include "sim/study/junit_output.h"
#include "sim/study/out_folder.h"
#include "sim/study/output_file.h"

namespace macula::sim {

class Outputs {
 public:
  [[nodiscard]] static tl::expected<Outputs, std::string> open(const Campaign& campaign,
                                                               const Batch& batch);

  // Whether the folder of run `i` shows another run: one of the same name and seed, with other
  // settings, or one that cannot be read.
  [[nodiscard]] bool shows_another(std::size_t i, const Batch& batch) const;
  // The files that run `i` of the batch writes for itself.
  [[nodiscard]] RunFiles run_files(std::size_t i) const;
  // In order of the runs.
  void add(const Outcome& outcome);
  // `left_out`: runs that did not come to their end. The error: which file is not whole, and why.
  [[nodiscard]] tl::expected<void, std::string> close(std::size_t left_out);

 private:
  std::optional<OutFolder> folder_;
  std::unique_ptr<OutputFile>
      json_file_;  // behind pointers: the writers below hold on to the streams
  std::unique_ptr<OutputFile> junit_file_;
  std::string trace_file_;  // these two: written by the run itself
  std::string pcap_file_;
  std::optional<JsonOutput> json_;
  std::optional<JunitOutput> junit_;
  std::string error_;  // the first of the runs' own
};

}  // namespace macula::sim
