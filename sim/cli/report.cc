#include "sim/cli/report.h"

#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <iostream>
#include <optional>

#include "base/command_line/command_line.h"
#include "base/command_line/standard_output.h"
#include "sim/cli/bad_input.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/file_options.h"
#include "sim/cli/interrupt.h"
#include "sim/report/close_ups.h"
#include "sim/report/page.h"
#include "sim/report/report_data.h"
#include "sim/scenario/program_name.h"
#include "sim/study/output_file.h"
#include "sim/study/same_file.h"

namespace macula::sim {
namespace {

namespace po = boost::program_options;

using Folders = std::vector<std::string>;

// The files that would be lost, in words; empty: none.
std::string clash_of(const std::string& out, const Folders& folders) {
  std::vector<std::string> inputs;
  for (const std::string& folder : folders) {
    const auto files = files_of_store(folder);
    if (!files) return files.error();
    for (const std::string& file : *files) inputs.push_back(folder + "/" + file);
  }
  return clash({{"--out", out}}, inputs);
}

// `rerun`: events of the runs that are made again for it.
int write_page(const Kit& kit, const Folders& folders, const std::string& out,
               std::uint64_t rerun) {
  if (const std::string wrong = clash_of(out, folders); !wrong.empty())
    return bad_input("report", wrong);
  const auto page = page_template();
  if (!page) return bad_input("report", page.error());
  auto file = OutputFile::open(out);
  if (!file) return bad_input("report", file.error());
  std::vector<ReportedStore> stores;
  for (const std::string& folder : folders) {
    auto store = read_reported(folder);
    if (!store) return bad_input("report", store.error());
    stores.push_back(std::move(*store));
  }
  watch_signals();
  add_close_ups(kit, stores, rerun, interrupted);
  if (signal_received() != 0) return exit_code_of_signal(signal_received());
  const auto data = report_data(kit, stores);
  if (!data) return bad_input("report", data.error());
  (*file)->begin() << filled(*page, *data);
  if (const std::string wrong = (*file)->close(); !wrong.empty()) return bad_input("report", wrong);
  if (const std::string wrong = flush_standard_output(); !wrong.empty())
    return bad_input("report", wrong);
  return kPassed;
}

}  // namespace

CommandManual report_manual() {
  CommandManual manual;
  manual.name = "report";
  manual.operands = "DIR...";
  manual.summary = "a page that shows what is in a store, or compares two";
  manual.about =
      "Writes one HTML file that opens in a browser, without a network: the verdict and why, what\n"
      "happened over time, distributions, all metrics and runs; single lookups, routing tables "
      "and\n"
      "nodes that stand out; of a sweep heat maps and lines; of two stores a comparison. DIR is "
      "the\n"
      "folder of 'run --out' or 'sweep --out'. Lookups and tables come from a run that is made "
      "again,\nwhere its file is still what it was.\n"
      "Ends with 0 when the page is written, whatever it says, with 2 on bad input, and with 130 "
      "or\n"
      "143 when a signal interrupted it.\n";
  manual.options.add_options()("out", po::value<std::string>()->value_name("FILE"),
                               "the page; - is the standard output");
  manual.options.add_options()(
      "rerun", po::value<std::string>()->value_name("EVENTS"),
      "run again, for single lookups and routing tables, the runs that tell most, of so many "
      "events together (default: 2000000); 0: none");
  manual.options.add_options()("help", "print this text");
  manual.takes_files = true;
  return manual;
}

int run_report(const Kit& kit, const std::vector<std::string>& arguments) {
  const CommandManual manual = report_manual();
  const auto values = read_command_line(manual.options, arguments);
  if (!values) {
    return bad_input("report", values.error() + help_hint("report"));
  }
  if (values->count("help") != 0) {
    std::cout << help_text(program_name(), manual);
    return kPassed;
  }
  const std::vector<std::string> folders = positional_arguments(*values);
  const std::string out = text_of(*values, "out");
  if (folders.empty()) return bad_input("report", "no store given: name the folder of --out");
  if (folders.size() > 2) {
    return bad_input("report",
                     "one store is shown, or two are compared: 'merge' makes one of many");
  }
  if (out.empty()) return bad_input("report", "--out FILE says where the page goes");
  auto rerun = std::optional(kRerunEvents);
  if (values->count("rerun") != 0) rerun = parse_number(text_of(*values, "rerun"));
  if (!rerun) {
    return bad_input("report", fmt::format("--rerun takes a number of events, not '{}'",
                                           text_of(*values, "rerun")));
  }
  return write_page(kit, folders, out, *rerun);
}

std::string check_report(const std::string& out) {
  if (out.empty()) return {};
  const auto page = page_template();
  return page ? std::string() : page.error();
}

int report_too(const Kit& kit, const std::string& folder, const std::string& out, int code) {
  const bool whole = code == kPassed || code == kFailed || code == kNotDeterministic;
  if (out.empty() || !whole) return code;
  const int written = write_page(kit, {folder}, out, kRerunEvents);
  return written == kPassed ? code : written;
}

}  // namespace macula::sim
