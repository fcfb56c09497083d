#include "sim/cli/merge.h"

#include <boost/program_options.hpp>
#include <iostream>

#include "base/command_line/command_line.h"
#include "sim/cli/bad_input.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/file_options.h"
#include "sim/scenario/program_name.h"
#include "sim/study/merge.h"
#include "sim/study/quantity.h"

namespace macula::sim {
namespace {

namespace po = boost::program_options;

}  // namespace

CommandManual merge_manual() {
  CommandManual manual;
  manual.name = "merge";
  manual.operands = "DIR...";
  manual.summary = "put the stores of several machines together";
  manual.about =
      "Puts stores that 'run --out' or 'sweep --out' filled, each with a part of the runs, into\n"
      "one: the same bytes in whatever order they are named. Results of several programs are\n"
      "refused, and so is a file that is cut off or altered.\n"
      "Ends with 0, or with 1 where results are missing, which it names, 2 on bad input, and 3\n"
      "where one run has two results.\n";
  manual.options.add_options()("out", po::value<std::string>()->value_name("DIR"),
                               "the store that they become; what it holds stays");
  manual.options.add_options()("help", "print this text");
  manual.takes_files = true;
  return manual;
}

int run_merge(const Kit& /*kit*/, const std::vector<std::string>& arguments) {
  const CommandManual manual = merge_manual();
  const auto values = read_command_line(manual.options, arguments);
  if (!values) {
    return bad_input("merge", values.error() + help_hint("merge"));
  }
  if (values->count("help") != 0) {
    std::cout << help_text(program_name(), manual);
    return kPassed;
  }
  const std::vector<std::string> folders = positional_arguments(*values);
  const std::string out = text_of(*values, "out");
  if (folders.empty()) return bad_input("merge", "no store given: name the folders of --out");
  if (out.empty() || out == "-") return bad_input("merge", "--out DIR says where the store goes");
  const auto merged = merge_stores(folders, out);
  if (!merged) return bad_input("merge", merged.error());
  if (!merged->conflict.empty()) {
    bad_input("merge", merged->conflict);
    return kNotDeterministic;
  }
  std::cout << out << ": " << counted(merged->runs, "result") << " of "
            << counted(folders.size(), "store") << '\n';
  for (const std::string& line : merged->missing) std::cout << "missing: " << line << '\n';
  return merged->missing.empty() ? kPassed : kFailed;
}

}  // namespace macula::sim
