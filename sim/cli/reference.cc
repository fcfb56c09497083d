#include "sim/cli/reference.h"

#include <iostream>

#include "sim/cli/bad_input.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/file_options.h"
#include "sim/file/reference.h"
#include "sim/scenario/program_name.h"

namespace macula::sim {

namespace {

constexpr FileCommand kReferenceCommand{
    "reference", "", "print what scenario files may hold",
    "Prints every key, verb, selector, distribution, metric and error code of scenario files, and\n"
    "the invariants that every run is held to, as tables in Markdown. Each part stands between\n"
    "two marks that name it.\n"};

}  // namespace

CommandManual reference_manual() {
  return manual_of(kReferenceCommand);
}

int run_reference(const Kit& kit, const std::vector<std::string>& arguments) {
  const auto parsed = parse_file_arguments(kReferenceCommand, arguments);
  if (parsed && parsed->help) {
    std::cout << help_text(program_name(), reference_manual());
    return kPassed;
  }
  if (!parsed || !parsed->paths.empty()) {
    return bad_input("reference", parsed ? "takes no path" : parsed.error());
  }
  for (const ReferencePart& part : reference(Schema(kit))) {
    std::cout << "<!-- reference: " << part.name << " -->\n"
              << part.text << "<!-- /reference -->\n";
  }
  return kPassed;
}

}  // namespace macula::sim
