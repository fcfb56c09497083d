// A batch of two files, one of which fails, under a kit that breaks some of its runs.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "sim/cli/run.h"
#include "sim/study/batch.h"
#include "tests/sim/program.h"

namespace macula::sim {

// Runs a.toml, whose expectation holds, and b.toml, whose does not, with the seeds 1 to 4 and
// k = 7. In `folder`, beside them, it writes r.json and r.xml.
[[nodiscard]] inline Output run_two_files(const Kit& kit, const TempFolder& folder,
                                          const std::string& jobs) {
  const auto arguments = parse_run_arguments(
      {folder.write("a.toml", scenario_text("a", true)),
       folder.write("b.toml", scenario_text("b", false)), "--seeds", "1..4", "--jobs", jobs,
       "--set", "protocol.k=7", "--json", folder.path("r.json"), "--junit", folder.path("r.xml")});
  if (!arguments) throw std::runtime_error(arguments.error());
  const auto batch = make_batch(kit, arguments->campaign);
  if (!batch) throw std::runtime_error(batch.error());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Output output;
  output.code = run_batch(*batch, *arguments);
  output.err = testing::internal::GetCapturedStderr();
  output.out = testing::internal::GetCapturedStdout();
  return output;
}

}  // namespace macula::sim
