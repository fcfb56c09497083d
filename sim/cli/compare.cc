#include "sim/cli/compare.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "base/check_context.h"
#include "base/command_line/standard_output.h"
#include "sim/cli/compare_options.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/progress.h"
#include "sim/study/batch.h"
#include "sim/study/comparison_text.h"
#include "sim/study/ordered_pool.h"
#include "sim/study/outputs.h"
#include "sim/study/planted_change.h"
#include "sim/study/same_file.h"

namespace macula::sim {
namespace {

constexpr double kLevel = 0.05;
constexpr std::uint64_t kLooks[] = {10, 20, 40, 80};

int bad_input(const std::string& message) {
  std::cerr << "macula-sim compare: " << message << '\n';
  return kBadInput;
}

std::string settings_text(const Overrides& overrides) {
  std::string text;
  for (const auto& [key, value] : overrides) text += (text.empty() ? "" : " ") + key + "=" + value;
  return text;
}

Campaign campaign_of(const CompareArguments& arguments, const Overrides& overrides,
                     const SeedRange& seeds) {
  Campaign campaign;
  campaign.paths = {arguments.file};
  campaign.seeds = seeds;
  campaign.jobs = arguments.jobs;
  campaign.overrides = overrides;
  return campaign;
}

// The runs of both sides with the same seeds.
class BothSides {
 public:
  explicit BothSides(const CompareArguments& arguments) : arguments_(arguments) {}

  // The error is for a person; empty where a signal interrupted it.
  tl::expected<void, std::string> add(const SeedRange& seeds) {
    const Campaign of_a = campaign_of(arguments_, arguments_.a, seeds);
    const Campaign of_b = campaign_of(arguments_, arguments_.b, seeds);
    const auto batch_a = make_batch(of_a);
    if (!batch_a) return tl::unexpected(batch_a.error());
    const auto batch_b = make_batch(of_b);
    if (!batch_b) return tl::unexpected(batch_b.error());
    if (batch_a->scenarios.size() != 1) {
      return tl::unexpected(arguments_.file + " is more than one scenario: name one file\n");
    }
    const std::size_t count = batch_a->runs.size();
    std::vector<Outcome> outcomes(2 * count);
    Progress progress(isatty(STDERR_FILENO) != 0, outcomes.size());
    std::size_t ended = 0;
    OrderedWork ordered;
    ordered.work = [&](std::size_t i, const GiveUpThread& give_up) {
      const bool is_a = i < count;
      const Run& run = is_a ? batch_a->runs[i] : batch_b->runs[i - count];
      const Campaign& campaign = is_a ? of_a : of_b;
      const CheckRefuge refuge([&](const CheckFailure& failure) {
        outcomes[i] = crashed_run(run, campaign, failure.text);
        give_up();
      });
      outcomes[i] = run_one(run, campaign, {}, [] { return signal_received() != 0; });
    };
    ordered.done = [&](std::size_t) { ++ended; };
    ordered.tick = [&] { progress.show(ended, 0); };
    ordered.stop = [] { return signal_received() != 0; };
    const WorkDone all = run_ordered(outcomes.size(), arguments_.jobs, std::move(ordered));
    progress.clear();
    if (all.running) std::_Exit(exit_code_of_signal(signal_received()));
    if (signal_received() != 0) return tl::unexpected(std::string());
    for (std::size_t i = 0; i < count; ++i) {
      a.push_back(std::move(outcomes[i].result));
      b.push_back(std::move(outcomes[i + count].result));
    }
    return {};
  }

  std::vector<RunResult> a;
  std::vector<RunResult> b;

 private:
  const CompareArguments& arguments_;
};

bool is_unsure(const PairedComparison& comparison) {
  for (const ComparedRow& row : comparison.rows) {
    if (row.verdict == Verdict::unsure) return true;
  }
  return false;
}

std::vector<Gauge> gauges_of(const CompareArguments& arguments, const BothSides& sides) {
  return arguments.gauges.empty() ? usual_gauges(sides.a) : arguments.gauges;
}

// With the seeds asked for, or with more and more, whose looks share the level as O'Brien and
// Fleming's do.
tl::expected<PairedComparison, std::string> compared(const CompareArguments& arguments,
                                                     BothSides& sides) {
  if (arguments.seeds) {
    if (auto added = sides.add(*arguments.seeds); !added) return tl::unexpected(added.error());
    return compare(sides.a, sides.b, gauges_of(arguments, sides), kLevel);
  }
  double spent = 0;
  std::uint64_t from = 1;
  tl::expected<PairedComparison, std::string> comparison;
  for (const std::uint64_t look : kLooks) {
    if (auto added = sides.add({from, look}); !added) return tl::unexpected(added.error());
    from = look + 1;
    const double share =
        static_cast<double>(look) / static_cast<double>(*std::prev(std::end(kLooks)));
    const double spendable = alpha_spent(kLevel, share);
    comparison = compare(sides.a, sides.b, gauges_of(arguments, sides), spendable - spent);
    spent = spendable;
    if (!comparison || !is_unsure(*comparison) || !comparison->broken.empty()) break;
  }
  return comparison;
}

std::string write(const std::string& file, const std::string& text) {
  if (file.empty()) return {};
  if (file == kStandardOutput) {
    std::cout << text;
    return {};
  }
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.flush();
  return out ? std::string() : file + " cannot be written";
}

int report(const CompareArguments& arguments, const PairedComparison& comparison) {
  const Compared names{arguments.file, settings_text(arguments.a), settings_text(arguments.b)};
  const bool taken =
      arguments.json_file == kStandardOutput || arguments.markdown_file == kStandardOutput;
  for (const std::string& line : comparison_lines(comparison, names)) {
    (taken ? std::cerr : std::cout) << line << '\n';
  }
  for (const auto& [file, text] :
       {std::pair(arguments.json_file, comparison_json(comparison, names)),
        std::pair(arguments.markdown_file, comparison_markdown(comparison, names))}) {
    if (const std::string wrong = write(file, text); !wrong.empty()) return bad_input(wrong);
  }
  if (const std::string wrong = flush_standard_output(); !wrong.empty()) return bad_input(wrong);
  if (comparison.verdict == Verdict::worse) return kFailed;
  return arguments.require_sure && is_unsure(comparison) ? kUnsure : kPassed;
}

int self_test(const CompareArguments& arguments) {
  BothSides sides(arguments);
  const auto added = sides.add(arguments.seeds.value_or(SeedRange{1, kLooks[0]}));
  if (!added && added.error().empty()) return exit_code_of_signal(signal_received());
  if (!added) return bad_input(added.error());
  const auto found = try_planted_changes(sides.a, gauges_of(arguments, sides), kLevel);
  if (!found) return bad_input(found.error());
  for (const std::string& line : found->missed) std::cout << "missed: " << line << '\n';
  std::cout << fmt::format("self-test: {} of {} planted changes were called\n",
                           found->planted - found->missed.size(), found->planted);
  return found->missed.empty() ? kPassed : kFailed;
}

}  // namespace

int run_compare(const std::vector<std::string>& arguments) {
  const auto parsed = parse_compare_arguments(arguments);
  if (!parsed) {
    return bad_input(parsed.error() + "\n'macula-sim compare --help' lists the options");
  }
  if (parsed->help) {
    std::cout << help_text("macula-sim", compare_manual());
    return kPassed;
  }
  const std::string wrong =
      clash({{"--json", parsed->json_file}, {"--markdown", parsed->markdown_file}}, {parsed->file});
  if (!wrong.empty()) return bad_input(wrong);
  watch_signals();
  if (parsed->self_test) return self_test(*parsed);
  BothSides sides(*parsed);
  const auto comparison = compared(*parsed, sides);
  if (comparison) return report(*parsed, *comparison);
  if (signal_received() != 0) return exit_code_of_signal(signal_received());
  return bad_input(comparison.error());
}

}  // namespace macula::sim
