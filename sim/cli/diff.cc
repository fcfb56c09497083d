#include "sim/cli/diff.h"

#include <fmt/format.h>

#include <iostream>

#include "base/command_line/standard_output.h"
#include "base/text/printable.h"
#include "sim/cli/bad_input.h"
#include "sim/cli/diff_options.h"
#include "sim/cli/diff_sides.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/interrupt.h"
#include "sim/scenario/program_name.h"
#include "sim/study/event_text.h"
#include "sim/study/mapped_file.h"
#include "sim/study/parting.h"
#include "sim/study/text.h"

namespace macula::sim {
namespace {

// The problems of a scenario file end with a line end of their own.
std::string without_line_end(std::string text) {
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

void print_lines(const char* mark, const std::vector<std::string_view>& lines) {
  for (const std::string_view line : lines) std::cout << mark << ' ' << event_text(line) << '\n';
}

// The ends of runs that part early are not known.
void print_side(char name, const DiffSides& found, const DiffSide& side) {
  const std::string ends =
      found.parted_within != 0
          ? fmt::format("parts within {} events", found.parted_within)
          : fmt::format("{} events, {}", side.events, digest_text(side.digest));
  std::cout << printable(fmt::format("{}: {}: {}", name, side.about, ends), Lines::one) << '\n';
}

// Prints it. The error is for a person.
tl::expected<void, std::string> print_parting(const DiffSides& found, std::size_t around) {
  const auto a = MappedFile::open(found.sides[0].trace);
  if (!a) return tl::unexpected(a.error());
  const auto b = MappedFile::open(found.sides[1].trace);
  if (!b) return tl::unexpected(b.error());
  const auto parting = first_parting(a->text(), b->text(), around);
  if (!parting) {
    std::cout << "every event is the same, and the digests are not: datagrams differ, or what a "
                 "trace does not show\n";
    return {};
  }
  const bool from_the_start = parting->before.empty();
  if (from_the_start && !(found.sides[0].program == found.sides[1].program) &&
      differ_in_form(parting->a, parting->b)) {
    return tl::unexpected(std::string("the programs write traces of different forms"));
  }
  print_lines("  ", parting->before);
  print_lines("A ", parting->a);
  print_lines("B ", parting->b);
  if (parting->a.empty()) std::cout << "A  has no more events\n";
  if (parting->b.empty()) std::cout << "B  has no more events\n";
  return {};
}

}  // namespace

int run_diff(const Kit& kit, const std::vector<std::string>& arguments) {
  const auto parsed = parse_diff_arguments(arguments);
  if (!parsed) return bad_input("diff", parsed.error() + help_hint("diff"));
  if (parsed->help) {
    std::cout << help_text(program_name(), diff_manual());
    return kPassed;
  }
  const auto scratch = ScratchFolder::make();
  if (!scratch) return bad_input("diff", scratch.error());
  watch_signals();
  const auto found = diff_sides(kit, *parsed, *scratch);
  if (signal_received() != 0) return exit_code_of_signal(signal_received());
  if (!found) return bad_input("diff", without_line_end(found.error()));
  if (!found->note.empty()) std::cout << printable(found->note, Lines::one) << '\n';
  print_side('A', *found, found->sides[0]);
  print_side('B', *found, found->sides[1]);
  if (found->same()) {
    std::cout << "the same\n";
    return kPassed;
  }
  if (const auto printed = print_parting(*found, parsed->around); !printed) {
    return bad_input("diff", printed.error());
  }
  return kFailed;
}

}  // namespace macula::sim
