// Results as JUnit XML, which CI systems read: a test suite for each run, a test case for each
// expectation. It is valid by the schemas of Ant and of Jenkins.
//
//   JunitOutput junit(file);
//   junit.add(outcome);   // for each run, in order
//   junit.close(0);
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>

#include "sim/study/outcome.h"

namespace macula::sim {

class JunitOutput {
 public:
  explicit JunitOutput(std::ostream& out);
  // The fate of the run as a whole (it crashed, was stopped, was not deterministic, asserts
  // nothing) is a test case, too.
  void add(const Outcome& outcome);
  // `left_out`: runs that were asked for and did not come to their end: an error of its own.
  void close(std::size_t left_out);

 private:
  std::ostream& out_;
  std::size_t suites_ = 0;
};

// Text as it may stand in XML: the five marks escaped, characters that XML 1.0 forbids and bytes
// that are no UTF-8 replaced by '?'.
[[nodiscard]] std::string xml_text(std::string_view text);

}  // namespace macula::sim
