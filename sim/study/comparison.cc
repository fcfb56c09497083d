#include "sim/study/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "base/check.h"
#include "base/text/suggest.h"
#include "sim/study/text.h"

namespace macula::sim {
namespace {

using Error = tl::unexpected<std::string>;

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double variance_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size());
}

// Less than nothing: it is worse.
double gain(const Gauge& gauge, double change) {
  return gauge.better == Better::less ? -change : change;
}

// A rate that was 100 % throughout is a promise.
bool is_promise(const Gauge& gauge, const std::vector<double>& of_a) {
  return gauge.unit == "rate" && gauge.better == Better::more &&
         std::all_of(of_a.begin(), of_a.end(), [](double value) { return value == 1; });
}

Verdict judge(const ComparedRow& row, double level) {
  const double allowed = row.gauge.tolerance * std::abs(row.a);
  const bool inside = row.interval.low >= -allowed && row.interval.high <= allowed;
  if (row.p_value > level) return inside ? Verdict::same : Verdict::unsure;
  if (std::abs(row.change) <= allowed) return Verdict::within;
  if (row.gauge.better == Better::neither) return Verdict::changed;
  return gain(row.gauge, row.change) > 0 ? Verdict::better : Verdict::worse;
}

class Comparing {
 public:
  Comparing(const std::vector<RunResult>& a, const std::vector<RunResult>& b, double level)
      : a_(a), b_(b) {
    comparison_.seeds = a.size();
    comparison_.level = level;
  }

  tl::expected<PairedComparison, std::string> compare(const std::vector<Gauge>& gauges) {
    if (auto wrong = check(); !wrong.empty()) return Error(std::move(wrong));
    for (std::size_t i = 0; i < a_.size(); ++i) {
      if (a_[i].digest == b_[i].digest) ++comparison_.identical;
      find_broken(a_[i], b_[i]);
    }
    std::vector<double> p_values;
    for (const Gauge& gauge : gauges) {
      if (auto wrong = add_row(gauge); !wrong.empty()) return Error(std::move(wrong));
      p_values.push_back(comparison_.rows.back().p_value);
    }
    const std::vector<double> adjusted = holm(p_values);
    for (std::size_t i = 0; i < adjusted.size(); ++i) {
      ComparedRow& row = comparison_.rows[i];
      row.p_value = adjusted[i];
      if (row.verdict != Verdict::worse) row.verdict = judge(row, comparison_.level);
    }
    conclude();
    return std::move(comparison_);
  }

 private:
  // The error; empty: all can be compared.
  [[nodiscard]] std::string check() const {
    for (const auto* runs : {&a_, &b_}) {
      for (const RunResult& run : *runs) {
        const char side = runs == &a_ ? 'A' : 'B';
        if (!run.crash.empty()) return fmt::format("{}, seed {}: {}", side, run.seed, run.crash);
        if (!run.stopped.empty()) {
          return fmt::format("{}, seed {}: {}", side, run.seed, run.stopped);
        }
      }
    }
    return {};
  }

  void find_broken(const RunResult& a, const RunResult& b) {
    // The n-th of a name is held against the n-th of that name.
    std::map<std::string, std::vector<bool>> now;
    for (const ExpectationResult& each : b.expectations) now[each.name].push_back(each.passed);
    std::map<std::string, std::size_t> nth;
    for (const ExpectationResult& each : a.expectations) {
      const std::vector<bool>& passed = now[each.name];
      const std::size_t i = nth[each.name]++;
      if (!each.passed || i >= passed.size() || passed[i]) continue;
      comparison_.broken.push_back({b.seed, "expected: " + each.name});
    }
    if (a.violations.empty() && !b.violations.empty()) {
      comparison_.broken.push_back({b.seed, violation_text(b.violations.front())});
    }
    if (a.errors.empty() && !b.errors.empty()) {
      comparison_.broken.push_back({b.seed, b.errors.front().text});
    }
  }

  std::string add_row(const Gauge& gauge) {
    std::vector<double> of_a;
    std::vector<double> of_b;
    std::vector<double> differences;
    ComparedRow row;
    row.gauge = gauge;
    double worst = 0;
    for (std::size_t i = 0; i < a_.size(); ++i) {
      const auto a = gauge.value_in(a_[i]);
      const auto b = gauge.value_in(b_[i]);
      if (!a || !b) {
        const std::string_view side = a ? "B" : b ? "A" : "either";
        return fmt::format("{} has no sample in {} with seed {}{}", gauge.name, side, a_[i].seed,
                           of_the_kind(gauge.metric, a_[i], b_[i]));
      }
      of_a.push_back(*a);
      of_b.push_back(*b);
      differences.push_back(*b - *a);
      const double gained = gain(gauge, *b - *a);
      if (i == 0 || gained < worst) {
        worst = gained;
        row.worst_seed = a_[i].seed;
      }
    }
    const SignFlip test(differences);
    row.a = mean_of(of_a);
    row.b = mean_of(of_b);
    row.change = test.mean();
    row.p_value = test.p_value();
    row.interval = test.interval(comparison_.level);
    const double unpaired = variance_of(of_a) + variance_of(of_b);
    if (unpaired > 0) row.noise = std::sqrt(variance_of(differences) / unpaired);
    if (is_promise(gauge, of_a) && worst < 0) {
      row.verdict = Verdict::worse;
      for (std::size_t i = 0; i < of_b.size(); ++i) {
        if (of_b[i] < 1) comparison_.broken.push_back({b_[i].seed, gauge.name + " was 100 %"});
      }
    }
    comparison_.rows.push_back(std::move(row));
    return {};
  }

  // The other names of a metric that takes a label; empty: it takes none.
  static std::string of_the_kind(const std::string& metric, const RunResult& a,
                                 const RunResult& b) {
    const std::size_t open = metric.find('(');
    if (open == std::string::npos) return {};
    std::set<std::string> names;
    for (const RunResult* run : {&a, &b}) {
      for (const auto& [name, summary] : run->metrics) {
        if (name.compare(0, open + 1, metric, 0, open + 1) == 0) names.insert(name);
      }
    }
    return suggestion(metric, "there are", {names.begin(), names.end()});
  }

  void conclude() {
    const bool same_figures =
        std::all_of(comparison_.rows.begin(), comparison_.rows.end(), [](const ComparedRow& row) {
          return row.change == 0 && row.interval.low == 0 && row.interval.high == 0;
        });
    // Expectations and metrics of the same events may be others.
    if (comparison_.identical == comparison_.seeds && comparison_.broken.empty() && same_figures) {
      comparison_.verdict = Verdict::identical;
      for (ComparedRow& row : comparison_.rows) row.verdict = Verdict::same;
      return;
    }
    comparison_.verdict = Verdict::same;
    for (const ComparedRow& row : comparison_.rows) {
      comparison_.verdict = std::max(comparison_.verdict, row.verdict);
    }
    if (!comparison_.broken.empty()) comparison_.verdict = Verdict::worse;
  }

  const std::vector<RunResult>& a_;
  const std::vector<RunResult>& b_;
  PairedComparison comparison_;
};

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::identical:
      return "identical";
    case Verdict::same:
      return "same";
    case Verdict::within:
      return "changed, within tolerance";
    case Verdict::better:
      return "better";
    case Verdict::unsure:
      return "unsure";
    case Verdict::changed:
      return "changed";
    case Verdict::worse:
      return "worse";
  }
  MACULA_CHECK(false);
}

tl::expected<PairedComparison, std::string> compare(const std::vector<RunResult>& a,
                                                    const std::vector<RunResult>& b,
                                                    const std::vector<Gauge>& gauges,
                                                    double level) {
  MACULA_CHECK(!a.empty() && a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) MACULA_CHECK(a[i].seed == b[i].seed);
  return Comparing(a, b, level).compare(gauges);
}

std::optional<SeedToLookAt> seed_to_look_at(const PairedComparison& comparison) {
  if (!comparison.broken.empty()) {
    const Broken& first = comparison.broken.front();
    return SeedToLookAt{first.seed, first.what};
  }
  for (const Verdict asked : {Verdict::worse, Verdict::unsure}) {
    for (const ComparedRow& row : comparison.rows) {
      if (row.verdict == asked) return SeedToLookAt{row.worst_seed, row.gauge.name};
    }
  }
  return std::nullopt;
}

}  // namespace macula::sim
