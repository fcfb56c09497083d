#include "sim/cli/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <memory>

#include "base/command_line/standard_output.h"
#include "sim/cli/bad_input.h"
#include "sim/cli/compare_options.h"
#include "sim/cli/compare_sides.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/interrupt.h"
#include "sim/scenario/program_name.h"
#include "sim/study/comparison_files.h"
#include "sim/study/comparison_text.h"
#include "sim/study/output_file.h"
#include "sim/study/paired_stores.h"
#include "sim/study/planted_change.h"
#include "sim/study/same_file.h"
#include "sim/study/store_contents.h"

namespace macula::sim {
namespace {

using Error = tl::unexpected<std::string>;
using Comparisons = std::vector<NamedComparison>;
constexpr double kLevel = 0.05;
constexpr std::uint64_t kLooks[] = {10, 20, 40, 80};

bool is_unsure(const PairedComparison& comparison) {
  return std::any_of(comparison.rows.begin(), comparison.rows.end(),
                     [](const ComparedRow& row) { return row.verdict == Verdict::unsure; });
}

std::vector<Gauge> gauges_of(const Kit& kit, const CompareArguments& arguments,
                             const std::vector<RunResult>& a) {
  return arguments.gauges.empty() ? usual_gauges(kit, a) : arguments.gauges;
}

// With the seeds asked for, or with more and more, whose looks share the level as O'Brien and
// Fleming's do. Where something broke more seeds would change no verdict: the first of them are
// shown as if they had been asked for.
tl::expected<PairedComparison, std::string> look(const Kit& kit, const CompareArguments& arguments,
                                                 const AddSeeds& add, ComparedSides& sides) {
  if (arguments.seeds) {
    if (auto added = add(sides, *arguments.seeds); !added) return Error(added.error());
    return compare(sides.a, sides.b, gauges_of(kit, arguments, sides.a), kLevel);
  }
  double spent = 0;
  std::uint64_t from = 1;
  tl::expected<PairedComparison, std::string> comparison;
  for (const std::uint64_t look : kLooks) {
    if (auto added = add(sides, {from, look}); !added) return Error(added.error());
    from = look + 1;
    const double share =
        static_cast<double>(look) / static_cast<double>(*std::prev(std::end(kLooks)));
    const double spendable = alpha_spent(kLevel, share);
    comparison = compare(sides.a, sides.b, gauges_of(kit, arguments, sides.a), spendable - spent);
    spent = spendable;
    if (!comparison || !is_unsure(*comparison)) break;
    if (comparison->broken.empty()) continue;
    return compare(sides.a, sides.b, gauges_of(kit, arguments, sides.a), kLevel);
  }
  return comparison;
}

tl::expected<Comparisons, std::string> compare_runs(const Kit& kit,
                                                    const CompareArguments& arguments,
                                                    const AddSeeds& add) {
  ComparedSides sides;
  auto comparison = look(kit, arguments, add, sides);
  if (!comparison) return Error(comparison.error());
  return Comparisons{{std::move(*comparison),
                      {arguments.paths[0], sides.about_a, sides.about_b,
                       DiffCommand{arguments.paths[0], arguments.a, arguments.b,
                                   arguments.old_program, arguments.new_program}}}};
}

// The scenarios share the level.
tl::expected<Comparisons, std::string> compare_stores(const Kit& kit,
                                                      const CompareArguments& arguments) {
  const auto stores = pair_stores(arguments.paths[0], arguments.paths[1]);
  if (!stores) return Error(stores.error());
  const auto about = [&](int side, const Provenance& program, const PairedRuns& pair) {
    return fmt::format("{}, {}{}", arguments.paths[static_cast<std::size_t>(side)],
                       program_text(program),
                       pair.resolved_alike ? "" : ", other settings or defaults");
  };
  const double level = kLevel / static_cast<double>(stores->pairs.size());
  Comparisons comparisons;
  for (const PairedRuns& pair : stores->pairs) {
    auto comparison = compare(pair.a, pair.b, gauges_of(kit, arguments, pair.a), level);
    if (!comparison) return Error(pair.scenario + ": " + comparison.error());
    comparisons.push_back(
        {std::move(*comparison),
         {pair.scenario, about(0, stores->a, pair), about(1, stores->b, pair), {}}});
  }
  return comparisons;
}

// The files that it is written to, opened before anything runs.
class ComparisonOutputs {
 public:
  static tl::expected<ComparisonOutputs, std::string> open(const CompareArguments& arguments) {
    if (std::string wrong = clash_of(arguments); !wrong.empty()) return Error(std::move(wrong));
    ComparisonOutputs outputs;
    outputs.taken_ = false;
    for (const std::string* path :
         {&arguments.json_file, &arguments.junit_file, &arguments.markdown_file}) {
      auto file = OutputFile::open(*path);
      if (!file) return Error(file.error());
      outputs.files_.push_back(std::move(*file));
      outputs.taken_ = outputs.taken_ || *path == kStandardOutput;
    }
    return outputs;
  }

  // The error; empty: all is written.
  std::string write(const Comparisons& comparisons) {
    std::ostream& people = taken_ ? std::cerr : std::cout;
    for (const NamedComparison& named : comparisons) {
      for (const std::string& line : comparison_lines(named.comparison, named.names)) {
        people << line << '\n';
      }
      if (comparisons.size() > 1) people << '\n';
    }
    if (comparisons.size() > 1) people << overall(comparisons) << '\n';
    std::string markdown;
    for (const NamedComparison& named : comparisons) {
      markdown += comparison_markdown(named.comparison, named.names);
    }
    const std::string texts[] = {comparisons_json(comparisons), comparisons_junit(comparisons),
                                 markdown};
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (files_[i] == nullptr) continue;
      files_[i]->begin() << texts[i];
      if (std::string wrong = files_[i]->close(); !wrong.empty()) return wrong;
    }
    return flush_standard_output();
  }

 private:
  static std::string clash_of(const CompareArguments& arguments) {
    std::vector<std::string> inputs = arguments.paths;
    if (arguments.of_stores()) {
      inputs.clear();
      for (const std::string& folder : arguments.paths) {
        const auto files = files_of_store(folder);
        if (!files) continue;
        for (const std::string& file : *files) inputs.push_back(folder + "/" + file);
      }
    }
    std::vector<std::pair<std::string, std::string>> outputs;
    for (const auto& [name, path] :
         {std::pair("--json", &arguments.json_file), std::pair("--junit", &arguments.junit_file),
          std::pair("--markdown", &arguments.markdown_file)}) {
      if (!path->empty()) outputs.emplace_back(name, *path);
    }
    return clash(outputs, inputs);
  }

  std::vector<std::unique_ptr<OutputFile>> files_;  // JSON, JUnit, Markdown; null: not asked for
  bool taken_ = false;                              // one of them is the standard output
};

int verdict_of(const CompareArguments& arguments, const Comparisons& comparisons) {
  bool unsure = false;
  for (const NamedComparison& named : comparisons) {
    if (named.comparison.verdict == Verdict::worse) return kFailed;
    unsure = unsure || is_unsure(named.comparison);
  }
  return arguments.require_sure && unsure ? kUnsure : kPassed;
}

int self_test(const Kit& kit, const CompareArguments& arguments) {
  ComparedSides sides;
  const auto added =
      by_settings(kit, arguments)(sides, arguments.seeds.value_or(SeedRange{1, kLooks[0]}));
  if (!added && added.error().empty()) return exit_code_of_signal(signal_received());
  if (!added) return bad_input("compare", added.error());
  const auto found = try_planted_changes(sides.a, gauges_of(kit, arguments, sides.a), kLevel);
  if (!found) return bad_input("compare", found.error());
  for (const std::string& line : found->missed) std::cout << "missed: " << line << '\n';
  std::cout << fmt::format("self-test: {} of {} planted changes were called\n",
                           found->planted - found->missed.size(), found->planted);
  return found->missed.empty() ? kPassed : kFailed;
}

}  // namespace

int run_compare(const Kit& kit, const std::vector<std::string>& arguments) {
  const auto parsed = parse_compare_arguments(kit, arguments);
  if (!parsed) {
    return bad_input("compare", parsed.error() + help_hint("compare"));
  }
  if (parsed->help) {
    std::cout << help_text(program_name(), compare_manual());
    return kPassed;
  }
  auto outputs = ComparisonOutputs::open(*parsed);
  if (!outputs) return bad_input("compare", outputs.error());
  watch_signals();
  if (parsed->self_test) return self_test(kit, *parsed);
  const auto comparisons =
      parsed->of_stores() ? compare_stores(kit, *parsed)
                          : compare_runs(kit, *parsed,
                                         parsed->old_program.empty() ? by_settings(kit, *parsed)
                                                                     : by_programs(*parsed));
  if (signal_received() != 0) return exit_code_of_signal(signal_received());
  if (!comparisons) return bad_input("compare", comparisons.error());
  if (std::string wrong = outputs->write(*comparisons); !wrong.empty())
    return bad_input("compare", wrong);
  return verdict_of(*parsed, *comparisons);
}

}  // namespace macula::sim
