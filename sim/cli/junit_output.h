// Results as JUnit XML, which CI systems read: a test case for each run.
//
//   JunitOutput junit(file, overrides);
//   junit.add(outcome);   // for each run, in order
//   junit.close();        // writes the file: its head holds the sums
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "sim/cli/outcome.h"
#include "sim/scenario/parse.h"

namespace macula::sim {

class JunitOutput {
 public:
  // The overrides stand in the commands that replay a failure.
  JunitOutput(std::ostream& out, Overrides overrides)
      : out_(out), overrides_(std::move(overrides)) {}
  void add(const Outcome& outcome);
  void close();

 private:
  std::ostream& out_;
  Overrides overrides_;
  std::string cases_;
  std::uint64_t runs_ = 0;
  std::uint64_t failed_ = 0;
  std::int64_t wall_ns_ = 0;
};

// Text as it may stand in XML: the five marks escaped, characters that XML 1.0 forbids and bytes
// that are no UTF-8 replaced by '?'.
[[nodiscard]] std::string xml_text(std::string_view text);

}  // namespace macula::sim
