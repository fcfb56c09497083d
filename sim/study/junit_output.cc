#include "sim/study/junit_output.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <utility>

#include "base/text/utf8.h"
#include "sim/study/quantity.h"
#include "sim/study/text.h"

namespace macula::sim {
namespace {

// Bytes of the character that starts here; 0 where it is none, or one that XML forbids.
std::size_t xml_length(std::string_view text) {
  const auto next = decode_utf8(text);
  if (!next) return 0;
  const char32_t point = next->point;
  const bool control = point < 0x20 && point != '\t' && point != '\n' && point != '\r';
  return control || point == 0xfffe || point == 0xffff ? 0 : next->bytes;
}

std::string_view escape(std::string_view character) {
  if (character == "<") return "&lt;";
  if (character == ">") return "&gt;";
  if (character == "&") return "&amp;";
  if (character == "\"") return "&quot;";
  if (character == "'") return "&apos;";
  return character;
}

// The test cases of a run.
struct RunCases {
  const Outcome& outcome;
  std::string text{};
  int tests = 0;
  int failures = 0;
  int errors = 0;
  int skipped = 0;

  // `element`: "failure", "error" or "skipped"; empty: it passed.
  void add(std::string_view name, const char* element, std::string_view type,
           std::string_view message, std::string_view more = {}) {
    const RunResult& run = outcome.result;
    // The time of the run is that of its first case: sums come out right.
    text += fmt::format("    <testcase name=\"{}, seed {}\" classname=\"{}\" time=\"{}\"",
                        xml_text(name), run.seed, xml_text(run.file),
                        seconds_text(tests++ == 0 ? run.wall_ns : 0));
    const std::string_view kind = element;
    failures += kind == "failure" ? 1 : 0;
    errors += kind == "error" ? 1 : 0;
    if (kind.empty()) {
      text += "/>\n";
    } else if (kind == "skipped") {
      ++skipped;
      text +=
          fmt::format(">\n      <skipped message=\"{}\"/>\n    </testcase>\n", xml_text(message));
    } else {
      text += fmt::format(
          ">\n      <{0} type=\"{1}\" message=\"{2}\">{2}\n{3}replay: {4}\n</{0}>\n", kind, type,
          xml_text(message), xml_text(more), xml_text(replay_command(outcome)));
      text += "    </testcase>\n";
    }
  }
};

RunCases cases_of(const Outcome& outcome) {
  const RunResult& run = outcome.result;
  RunCases cases{outcome};
  for (const ExpectationResult& expectation : run.expectations) {
    const std::string message = fmt::format("{}:{}: {}: {}", run.file, expectation.line,
                                            expectation.name, finding_of(expectation));
    const auto same = [&](const ExpectationResult& other) {
      return other.name == expectation.name;
    };
    const bool once = std::count_if(run.expectations.begin(), run.expectations.end(), same) == 1;
    const std::string name =
        once ? expectation.name : fmt::format("{}, line {}", expectation.name, expectation.line);
    const std::string detail = expectation.detail.empty() ? "" : expectation.detail + "\n";
    cases.add(name, expectation.passed ? "" : "failure", "expectation", message, detail);
  }
  for (const BrokenInvariant& violation : run.violations) {
    const std::string place = violation.node.empty() ? "" : " at " + violation.node;
    cases.add("invariant " + violation.invariant + place, "failure", "violated",
              fmt::format("{}: {}", run.file, violation_text(violation)));
  }
  for (const Remark& error : run.errors) {
    cases.add("the run", "failure", "error",
              fmt::format("{}: {}", place_text(run, error.line), error.text));
  }
  if (!run.crash.empty()) {
    const std::size_t line = run.crash.find('\n');
    // Where it happened, without the last line, which is the replay.
    const std::size_t last = run.crash.rfind("\nreplay: ");
    const std::size_t end = last == std::string::npos ? run.crash.size() : last;
    const std::string where = line < end ? run.crash.substr(line + 1, end - line - 1) + "\n" : "";
    cases.add("the run", "error", "crash", run.crash.substr(0, line), where);
  } else if (!run.stopped.empty()) {
    cases.add("the run", "error", "stopped", "stopped: " + run.stopped);
  }
  if (outcome.difference) {
    cases.add("deterministic", "failure", "not deterministic", *outcome.difference);
  }
  if (cases.tests == 0) cases.add("the run", "skipped", {}, "asserts nothing");
  return cases;
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const std::size_t length = xml_length(text);
    escaped += length == 0 ? "?" : escape(text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return escaped;
}

JunitOutput::JunitOutput(std::ostream& out) : out_(out) {
  out_ << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
}

void JunitOutput::add(const Outcome& outcome) {
  const RunResult& run = outcome.result;
  const RunCases cases = cases_of(outcome);
  const std::string time = seconds_text(run.wall_ns);
  out_ << fmt::format(
      "  <testsuite name=\"{0}, seed {1}\" tests=\"{2}\" failures=\"{3}\" errors=\"{4}\" "
      "skipped=\"{5}\" time=\"{6}\" timestamp=\"{7:%Y-%m-%dT%H:%M:%S}\" hostname=\"localhost\" "
      "package=\"{8}\" id=\"{9}\">\n    <properties>\n",
      xml_text(run.scenario), run.seed, cases.tests, cases.failures, cases.errors, cases.skipped,
      time, fmt::gmtime(outcome.started), xml_text(run.file), suites_++);
  const std::pair<const char*, std::string> properties[] = {{"seed", std::to_string(run.seed)},
                                                            {"world", run.world},
                                                            {"digest", digest_text(run.digest)},
                                                            {"replay", replay_command(outcome)}};
  for (const auto& [name, value] : properties) {
    out_ << fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, xml_text(value));
  }
  out_ << "    </properties>\n" << cases.text;
  out_ << "    <system-out>";
  for (const std::string& line : note_lines(run)) out_ << xml_text(line) << '\n';
  out_ << "</system-out>\n    <system-err/>\n  </testsuite>\n";
  out_.flush();
}

void JunitOutput::close(std::size_t left_out) {
  if (left_out != 0) {
    out_ << fmt::format(
        "  <testsuite name=\"interrupted\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" "
        "time=\"0.000\" timestamp=\"{0:%Y-%m-%dT%H:%M:%S}\" hostname=\"localhost\" package=\"\" "
        "id=\"{1}\">\n    <properties/>\n"
        "    <testcase name=\"interrupted\" classname=\"interrupted\" time=\"0.000\">\n"
        "      <error type=\"interrupted\" message=\"{2}\">{2}</error>\n    </testcase>\n"
        "    <system-out/>\n    <system-err/>\n  </testsuite>\n",
        fmt::gmtime(std::time(nullptr)), suites_++, counted(left_out, "run") + " left out");
  }
  out_ << "</testsuites>\n";
}

}  // namespace macula::sim
