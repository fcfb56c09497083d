#include <fmt/format.h>

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text/units.h"
#include "sim/file/metric_parse.h"
#include "sim/file/parse_fields.h"
#include "sim/file/parse_sections.h"

namespace macula::sim {
namespace {

constexpr std::array<std::string_view, 5> kComparisons{"equals", "at_least", "at_most", "between",
                                                       "near"};
constexpr std::array<std::string_view, 5> kWhens{"finally", "at", "during", "within", "always"};
constexpr std::size_t kMetricBytesMax = 1024;

// A bound in the metric's unit.
tl::expected<double, std::string> read_bound(const DocumentValue& value, std::string_view unit) {
  const bool number =
      value.kind == DocumentValue::Kind::integer || value.kind == DocumentValue::Kind::decimal;
  if (!number && value.kind != DocumentValue::Kind::text) {
    return tl::unexpected(
        fmt::format("a bound is a number with its unit, not {}", kind_name(value.kind)));
  }
  if (unit == "count") {
    // A count has no unit; the mean of counts may have a fraction.
    constexpr std::int64_t kScale = 1'000'000'000;
    const auto count = parse_scaled(number ? render(value) : value.text, kScale);
    if (!count) return tl::unexpected(count.error());
    return static_cast<double>(*count) / static_cast<double>(kScale);
  }
  const std::string_view example = unit == "rate" ? "99%" : unit == "ms" ? "80ms" : "64KiB/s";
  if (number) {
    return tl::unexpected(fmt::format("the bare number {} has no unit: write it as in \"{}\"",
                                      render(value), example));
  }
  if (unit == "rate") {
    const auto ppm = parse_share(value.text);
    if (!ppm) return tl::unexpected(ppm.error());
    return static_cast<double>(*ppm) / kWholePpm;
  }
  if (unit == "ms") {
    const auto duration = parse_duration(value.text);
    if (!duration) return tl::unexpected(duration.error());
    return static_cast<double>(duration->count()) / 1e6;
  }
  std::string_view text = value.text;
  if (text.size() < 2 || text.substr(text.size() - 2) != "/s") {
    return tl::unexpected(fmt::format("write it per second, as in \"{}\"", example));
  }
  const auto size = parse_size(text.substr(0, text.size() - 2));
  if (!size) return tl::unexpected(size.error());
  return static_cast<double>(*size);
}

class ExpectationReader {
 public:
  ExpectationReader(const PopulationNames& names, const Labels& labels, Problems& problems,
                    Scenario& scenario)
      : names_(names), labels_(labels), problems_(problems), scenario_(scenario) {}

  void read(const DocumentValue& table) {
    Fields fields(table, problems_);
    Expectation expectation;
    expectation.place = table.place;
    if (fields.line("name", expectation.name, kNameBytesMax) && expectation.name.empty()) {
      problems_.at(*find(table, "name"), "`name` is empty");
    }
    read_when(fields, expectation);
    if (read_metric(fields, expectation)) read_comparison(table, expectation);
    if (expectation.metric.info != nullptr)
      scenario_.expectations.push_back(std::move(expectation));
  }

 private:
  bool read_metric(Fields& fields, Expectation& expectation) {
    std::string text;
    if (!fields.text("metric", text, kMetricBytesMax)) return false;
    const DocumentValue& value = *find(fields.value(), "metric");
    auto metric = parse_metric(*scenario_.kit, text);
    std::string wrong = metric ? std::string() : metric.error();
    if (metric && !problems_.full()) wrong = check_metric(*metric, names_, labels_);
    if (!wrong.empty()) problems_.at(value, fmt::format("`metric`: {}", wrong));
    if (metric) expectation.metric = std::move(*metric);
    check_end_of_run(value, expectation);
    return metric.has_value();
  }

  // Operations that had no time to end are known when the run is over.
  void check_end_of_run(const DocumentValue& metric, const Expectation& expectation) {
    const MetricInfo* info = expectation.metric.info;
    if (info == nullptr || info->watch != Watch::unfinished) return;
    if (expectation.when == When::finally || expectation.when == When::during) return;
    problems_.at(metric,
                 "`metric`: what is unfinished is known at the end of the run: write no time, or "
                 "`during`");
  }

  // ----- what -----

  void read_comparison(const DocumentValue& table, Expectation& expectation) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < kComparisons.size(); ++i) {
      const DocumentMember* member = find_member(table, kComparisons[i]);
      if (member == nullptr) continue;
      if (found) {
        problems_.at(
            *member,
            fmt::format("an expectation has one bound, and `{}` stands here already: write a "
                        "second [[expect]], or `between`",
                        kComparisons[*found]));
        return;
      }
      found = i;
    }
    if (!found) {
      problems_.at(table,
                   "what is expected is missing: write `equals`, `at_least`, `at_most`, `between` "
                   "or `near`");
      return;
    }
    expectation.comparison = static_cast<Comparison>(*found);
    const DocumentValue& bound = *find(table, kComparisons[*found]);
    const DocumentValue* gate = find(table, "gate");
    if (gate != nullptr && expectation.comparison != Comparison::near) {
      problems_.at(*gate, "`gate` is for `near`");
    }
    if (expectation.comparison == Comparison::between) {
      read_between(bound, expectation);
    } else if (expectation.comparison == Comparison::near) {
      read_near(bound, gate, expectation);
    } else if (expectation.comparison == Comparison::equals &&
               bound.kind == DocumentValue::Kind::list) {
      read_nodes(bound, expectation);
    } else {
      read_single(bound, kComparisons[*found], expectation);
    }
  }

  void read_single(const DocumentValue& bound, std::string_view key, Expectation& expectation) {
    const auto value = read_bound(bound, unit_of(expectation.metric));
    if (!value) {
      problems_.at(bound, fmt::format("`{}`: {}", key, value.error()));
      return;
    }
    expectation.low = *value;
    expectation.high = *value;
    const std::string_view sign = expectation.comparison == Comparison::equals     ? "="
                                  : expectation.comparison == Comparison::at_least ? ">="
                                                                                   : "<=";
    expectation.expected = fmt::format("{} {}", sign, *value);
  }

  void read_between(const DocumentValue& bounds, Expectation& expectation) {
    if (bounds.kind != DocumentValue::Kind::list || bounds.items.size() != 2) {
      problems_.at(bounds, "`between` takes two bounds: write `between = [2, 4]`");
      return;
    }
    std::array<double, 2> values{};
    for (std::size_t i = 0; i < 2; ++i) {
      const auto value = read_bound(bounds.items[i], unit_of(expectation.metric));
      if (!value) {
        problems_.at(bounds.items[i], fmt::format("`between`: {}", value.error()));
        return;
      }
      values[i] = *value;
    }
    if (values[1] < values[0]) {
      problems_.at(bounds, "`between` runs backwards: the lower bound stands first");
      return;
    }
    expectation.low = values[0];
    expectation.high = values[1];
    expectation.expected = fmt::format("{} to {}", values[0], values[1]);
  }

  void read_near(const DocumentValue& stated, const DocumentValue* gate, Expectation& expectation) {
    if (gate == nullptr) {
      problems_.at(stated, "`near` needs a `gate`: how far off the measure may be");
      return;
    }
    const auto value = read_bound(stated, unit_of(expectation.metric));
    if (!value) problems_.at(stated, fmt::format("`near`: {}", value.error()));
    const auto width = read_bound(*gate, unit_of(expectation.metric));
    if (!width) problems_.at(*gate, fmt::format("`gate`: {}", width.error()));
    if (!value || !width) return;
    expectation.value = *value;
    expectation.gate = *width;
    expectation.low = *value - *width;
    expectation.high = *value + *width;
    expectation.expected = fmt::format("{} +- {}", *value, *width);
  }

  // equals = ["edge3", "bootstrap"]
  void read_nodes(const DocumentValue& list, Expectation& expectation) {
    if (!expectation.metric.info->names_nodes) {
      problems_.at(list, fmt::format("`equals`: only `holders` is a set of nodes; `{}` is a number",
                                     expectation.metric.info->name));
      return;
    }
    std::vector<std::string> nodes;
    std::set<std::string> seen;
    for (const DocumentValue& item : list.items) {
      std::string wrong = item.kind == DocumentValue::Kind::text
                              ? check_node_name(item.text, names_)
                              : wrong_kind("equals", item, "a list of node names");
      if (wrong.empty() && !seen.insert(item.text).second) {
        wrong = fmt::format("`{}` stands here twice", item.text);
      }
      if (!wrong.empty()) problems_.at(item, fmt::format("`equals`: {}", wrong));
      nodes.push_back(item.text);
    }
    expectation.low = static_cast<double>(nodes.size());
    expectation.high = expectation.low;
    expectation.expected =
        nodes.empty() ? "exactly no node" : fmt::format("exactly {}", fmt::join(nodes, ", "));
    expectation.nodes = std::move(nodes);
  }

  // ----- when -----

  void read_when(Fields& fields, Expectation& expectation) {
    const DocumentValue& table = fields.value();
    expectation.to = scenario_.duration;
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < kWhens.size(); ++i) {
      const DocumentMember* member = find_member(table, kWhens[i]);
      if (member == nullptr) continue;
      // `always` may be limited by `during`.
      const bool limited = found && kWhens[*found] == "during" && kWhens[i] == "always";
      if (found && !limited) {
        problems_.at(*member,
                     fmt::format("`{}` and `{}` contradict each other", kWhens[*found], kWhens[i]));
        return;
      }
      found = i;
    }
    expectation.when = found ? static_cast<When>(*found) : When::finally;
    for (const std::string_view key : {"finally", "always"}) {
      bool truth = true;
      if (fields.boolean(key, truth) && !truth) {
        problems_.at(*find(table, key), fmt::format("`{0}` is true or is left out", key));
      }
    }
    read_window(fields, expectation);
    read_every(fields, expectation);
  }

  void read_window(Fields& fields, Expectation& expectation) {
    const DocumentValue& table = fields.value();
    for (const std::string_view key : {"at", "within"}) {
      Duration time{0};
      if (!fields.duration(key, time)) continue;
      expectation.from = key == "at" ? time : Duration{0};
      expectation.to = time;
      check_end(*find(table, key), key, time);
    }
    const DocumentValue* during = find(table, "during");
    if (during == nullptr) return;
    if (during->kind != DocumentValue::Kind::list || during->items.size() != 2) {
      problems_.at(*during, "`during` takes two times: write `during = [\"1min\", \"2min\"]`");
      return;
    }
    const auto from = read_time(during->items[0]);
    const auto to = read_time(during->items[1]);
    if (!from || !to) return;
    if (*to < *from)
      problems_.at(*during, "`during` runs backwards: the earlier time stands first");
    check_end(during->items[1], "during", *to);
    expectation.from = *from;
    expectation.to = *to;
  }

  std::optional<Duration> read_time(const DocumentValue& value) {
    if (value.kind != DocumentValue::Kind::text) {
      problems_.at(
          value, fmt::format("`during` takes durations with their unit, as in \"5min30s\", not {}",
                             kind_name(value.kind)));
      return std::nullopt;
    }
    const auto time = parse_duration(value.text);
    if (time) return *time;
    problems_.at(value, fmt::format("`during`: {}", time.error()));
    return std::nullopt;
  }

  void check_end(const DocumentValue& value, std::string_view key, Duration time) {
    if (scenario_.duration.count() == 0 || time <= scenario_.duration) return;
    problems_.at(value, fmt::format("`{}` is after the end of the run", key));
  }

  void read_every(Fields& fields, Expectation& expectation) {
    if (!fields.duration("every", expectation.every)) return;
    const DocumentValue& value = *find(fields.value(), "every");
    if (expectation.when != When::within && expectation.when != When::always) {
      problems_.at(value, "`every` is for `within` and `always`");
    } else if (expectation.every.count() == 0) {
      problems_.at(value, "`every` cannot be 0");
    } else if ((expectation.to - expectation.from) / expectation.every > kPollsMax) {
      problems_.at(value, fmt::format("more than {} polls", kPollsMax));
    }
  }

  static constexpr std::int64_t kPollsMax = 10'000'000;

  const PopulationNames& names_;
  const Labels& labels_;
  Problems& problems_;
  Scenario& scenario_;
};

}  // namespace

void read_expectations(const DocumentValue& root, const PopulationNames& names,
                       const Labels& labels, Problems& problems, Scenario& scenario) {
  const DocumentValue* list = find(root, "expect");
  const bool empty =
      list == nullptr || (list->kind == DocumentValue::Kind::list && list->items.empty());
  if (empty && !scenario.record) {
    problems.at(
        Place{1, 1},
        "a scenario that expects nothing cannot fail: write [[expect]], or `record = true` in "
        "[scenario]");
  }
  if (empty || list->kind != DocumentValue::Kind::list) return;
  ExpectationReader reader(names, labels, problems, scenario);
  for (const DocumentValue& item : list->items) {
    if (item.kind == DocumentValue::Kind::table) reader.read(item);
  }
}

}  // namespace macula::sim
