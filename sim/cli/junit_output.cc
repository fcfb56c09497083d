#include "sim/cli/junit_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "sim/cli/text.h"

namespace macula::sim {
namespace {

// Bytes of the UTF-8 sequence that starts here; 0 where it is none, or one that XML forbids.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                                           : 4;
  if (lead > 0xf4 || length > text.size()) return 0;
  std::uint32_t point = length == 1 ? lead : lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
    point = point << 6 | (byte(i) & 0x3fU);
  }
  const bool too_long = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  const bool forbidden = (point < 0x20 && point != '\t' && point != '\n' && point != '\r') ||
                         (point >= 0xd800 && point < 0xe000) || point == 0xfffe ||
                         point == 0xffff || point > 0x10ffff;
  return too_long || forbidden ? 0 : length;
}

std::string_view escape(std::string_view character) {
  if (character == "<") return "&lt;";
  if (character == ">") return "&gt;";
  if (character == "&") return "&amp;";
  if (character == "\"") return "&quot;";
  if (character == "'") return "&apos;";
  return character;
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    escaped += length == 0 ? "?" : escape(text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return escaped;
}

void JunitOutput::add(const Outcome& outcome) {
  const RunResult& run = outcome.result;
  ++runs_;
  wall_ns_ += run.wall_ns;
  cases_ +=
      fmt::format("    <testcase classname=\"{}\" name=\"{}, seed {}\" time=\"{}\"",
                  xml_text(run.file), xml_text(run.scenario), run.seed, seconds_text(run.wall_ns));
  if (run.passed) {
    cases_ += "/>\n";
    return;
  }
  ++failed_;
  const std::vector<std::string> lines = failure_lines(outcome, overrides_);
  cases_ += fmt::format(">\n      <failure message=\"{}\">", xml_text(lines.front()));
  for (const std::string& line : lines) cases_ += xml_text(line) + "\n";
  cases_ += "</failure>\n    </testcase>\n";
}

void JunitOutput::close() {
  const std::string sums = fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"{}\"",
                                       runs_, failed_, seconds_text(wall_ns_));
  out_ << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites " << sums
       << ">\n  <testsuite name=\"macula-sim\" " << sums << ">\n"
       << cases_ << "  </testsuite>\n</testsuites>\n";
}

}  // namespace macula::sim
