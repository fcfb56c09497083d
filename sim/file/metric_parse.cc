#include "sim/file/metric_parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/text/suggest.h"
#include "base/text/units.h"
#include "sim/file/parse_call.h"
#include "sim/scenario/error_codes.h"
#include "sim/scenario/placeholder.h"

namespace macula::sim {
namespace {

// In the order of Statistic, of MetricKind and of MetricArgument.
constexpr std::array<std::string_view, 7> kStatistics{"",    "mean",  "percentile", "min",
                                                      "max", "count", "deviation"};
constexpr std::array<std::string_view, 5> kKinds{"distribution", "rate", "count", "state",
                                                 "state distribution"};
constexpr std::array<std::string_view, 9> kArguments{"label", "text",    "key", "node", "from",
                                                     "to",    "message", "age", "text"};

std::string_view name_of(MetricArgument argument) {
  return kArguments[static_cast<std::size_t>(argument)];
}

std::string unknown_metric(const Kit& kit, std::string_view name) {
  std::vector<std::string> names;
  for (const MetricInfo& info : kit.metrics) names.emplace_back(info.name);
  return fmt::format("unknown metric `{}`{}", name, suggestion(name, "there are", names));
}

// Without arguments the statistic is the last part of the name: "lookup.rpcs.mean".
void split_statistic(const Kit& kit, CallForm& form) {
  if (form.has_arguments || find_metric(kit, form.name) != nullptr) return;
  for (std::size_t dot = form.name.find('.'); dot != std::string::npos;
       dot = form.name.find('.', dot + 1)) {
    if (find_metric(kit, form.name.substr(0, dot)) == nullptr) continue;
    form.suffix = form.name.substr(dot);
    form.name.resize(dot);
    return;
  }
}

// "p5", "p99", "p99.9", in parts per million; nothing where it is none of these.
std::optional<std::uint32_t> percentile_of(std::string_view name) {
  if (name.size() < 2 || name[0] != 'p') return std::nullopt;
  const auto share = parse_share(std::string(name.substr(1)) + "%");
  const bool digits = name.size() <= 3 || (name.size() == 5 && name[3] == '.');
  if (!share || !digits || *share == 0 || *share >= kWholePpm) return std::nullopt;
  return *share;
}

std::string take_statistic(const CallForm& form, Metric& metric) {
  const MetricInfo& info = *metric.info;
  static const std::vector<std::string> known{"mean", "p50", "p90",   "p99",      "p99.9",
                                              "min",  "max", "count", "deviation"};
  if (!needs_statistic(info.kind)) {
    return form.suffix.empty()
               ? std::string()
               : fmt::format("`{}` is one number: `{}` cannot follow it", info.name, form.suffix);
  }
  if (form.suffix.empty()) {
    return fmt::format(
        "`{0}` has many samples: say which number of them, as in `{1}.p99`: there are mean, min, "
        "max, count, deviation and every percentile, p1 to p99.9",
        info.name, metric.source);
  }
  const std::string name = form.suffix[0] == '.' ? form.suffix.substr(1) : form.suffix;
  if (const auto ppm = percentile_of(name); ppm && form.suffix[0] == '.') {
    metric.statistic = Statistic::percentile;
    metric.percentile_ppm = *ppm;
    return {};
  }
  const auto* at = std::find(kStatistics.begin() + 1, kStatistics.end(), name);
  if (form.suffix[0] != '.' || at == kStatistics.end() || name == "percentile") {
    if (name.size() > 1 && name[0] == 'p' &&
        name.find_first_not_of("0123456789.", 1) == std::string::npos) {
      return fmt::format("there is no `{}`: percentiles go from p1 to p99.9", name);
    }
    const bool listed = nearest(name, known).empty();
    return fmt::format("unknown statistic `{}`{}{}", name, suggestion(name, "there are", known),
                       listed ? " and every other percentile" : "");
  }
  metric.statistic = static_cast<Statistic>(at - kStatistics.begin());
  return {};
}

std::string set_selector(const Kit& kit, const std::string& text, std::optional<Selector>& out) {
  auto selector = parse_selector(text);
  if (!selector) return selector.error();
  out = std::move(*selector);
  return kit.keyed ? std::string() : wrong_without_keys(*out);
}

std::string set_age(const std::string& text, std::optional<Duration>& out) {
  const auto age = parse_duration(text);
  if (!age) return age.error();
  out = *age;
  return {};
}

std::string set_message(const Kit& kit, const std::string& text, std::string& out) {
  out = text;
  std::vector<std::string> names{"any"};
  names.insert(names.end(), kit.messages.begin(), kit.messages.end());
  if (std::find(names.begin(), names.end(), text) != names.end()) return {};
  return fmt::format("unknown message `{}`{}", text, suggestion(text, "there are", names));
}

std::string set_argument(const Kit& kit, MetricArgument argument, const CallArgument& given,
                         Metric& metric) {
  switch (argument) {
    case MetricArgument::label:
      metric.label = given.text;
      return {};
    case MetricArgument::text:
      metric.text = given.text;
      return {};
    case MetricArgument::code:
      metric.text = given.text;
      return check_error_code(kit, given.text);
    case MetricArgument::key:
      metric.key = given.text;
      return {};
    case MetricArgument::message:
      return set_message(kit, given.text, metric.message);
    case MetricArgument::age:
      return set_age(given.text, metric.age);
    case MetricArgument::node:
      return set_selector(kit, given.text, metric.node);
    case MetricArgument::from:
      return set_selector(kit, given.text, metric.from);
    case MetricArgument::to:
      return set_selector(kit, given.text, metric.to);
  }
  return {};
}

// Which arguments there are, in the order in which positions count.
struct Signature {
  std::vector<MetricArgument> all;
  std::size_t required = 0;
  std::size_t positional = 0;  // optional `from` and `to` are given by name only
};

Signature signature_of(const MetricInfo& info) {
  Signature signature;
  signature.all = info.required;
  signature.required = info.required.size();
  for (const bool by_name : {false, true}) {
    for (const MetricArgument argument : info.optional) {
      const bool named = argument == MetricArgument::from || argument == MetricArgument::to;
      if (named == by_name) signature.all.push_back(argument);
    }
    if (!by_name) signature.positional = signature.all.size();
  }
  return signature;
}

// "label, text[, from=..]"
std::string shown(const Signature& signature) {
  std::string list;
  for (std::size_t i = 0; i < signature.all.size(); ++i) {
    const std::string_view name = name_of(signature.all[i]);
    if (i >= signature.required) list += '[';
    if (i > 0) list += ", ";
    list += name;
    if (i >= signature.positional) list += "=..";
    if (i >= signature.required) list += ']';
  }
  return list;
}

std::string usage(const MetricInfo& info, const Signature& signature) {
  const std::string list = shown(signature);
  return list.empty() ? fmt::format("`{}` takes no arguments", info.name)
                      : fmt::format("write it as `{}({})`", info.name, list);
}

std::string take_arguments(const Kit& kit, const CallForm& form, Metric& metric) {
  const Signature signature = signature_of(*metric.info);
  std::vector<bool> given(signature.all.size(), false);
  std::size_t position = 0;
  for (const CallArgument& argument : form.arguments) {
    const auto named =
        std::find_if(signature.all.begin(), signature.all.end(),
                     [&](MetricArgument known) { return name_of(known) == argument.name; });
    auto index = static_cast<std::size_t>(named - signature.all.begin());
    CallArgument value = argument;
    if (argument.name.empty() || named == signature.all.end()) {
      // A key may itself hold "=": what is no argument's name belongs to the value.
      if (!argument.name.empty() && position < signature.positional &&
          signature.all[position] != MetricArgument::key &&
          signature.all[position] != MetricArgument::text) {
        return fmt::format("unknown argument `{}`: {}", argument.name,
                           usage(*metric.info, signature));
      }
      if (!argument.name.empty()) value.text = argument.raw;
      index = position++;
      if (index >= signature.positional) return usage(*metric.info, signature);
    }
    if (given[index]) {
      return fmt::format("`{}` is given twice", name_of(signature.all[index]));
    }
    given[index] = true;
    if (value.text.empty()) return fmt::format("`{}` is empty", name_of(signature.all[index]));
    std::string wrong = set_argument(kit, signature.all[index], value, metric);
    if (!wrong.empty()) return wrong;
  }
  for (std::size_t i = 0; i < signature.required; ++i) {
    if (given[i]) continue;
    return fmt::format("`{}` is missing: {}", name_of(signature.all[i]),
                       usage(*metric.info, signature));
  }
  return {};
}

// A key of a metric is one key.
std::string check_placeholders(const Metric& metric) {
  std::string wrong = wrong_placeholder(metric.key, Placeholders::none);
  for (const auto* selector : {&metric.node, &metric.from, &metric.to}) {
    if (wrong.empty() && *selector)
      wrong = wrong_placeholder((*selector)->text, Placeholders::none);
  }
  return wrong;
}

// Which repetition of a step with the label `form` has this one.
std::optional<std::uint64_t> number_in(std::string_view form, std::string_view label) {
  constexpr std::size_t kDigits = 18;
  const std::size_t hole = form.find(kNumberPlaceholder);
  if (hole == std::string_view::npos || hole >= label.size()) return std::nullopt;
  const std::string_view rest = label.substr(hole);
  const std::string_view digits = rest.substr(0, rest.find_first_not_of("0123456789"));
  if (digits.empty() || digits.size() > kDigits) return std::nullopt;
  const std::uint64_t number = std::stoull(std::string(digits));
  if (with_number(std::string(form), number) != label) return std::nullopt;
  return number;
}

}  // namespace

std::string metric_form(const MetricInfo& info) {
  const std::string list = shown(signature_of(info));
  return list.empty() ? std::string(info.name) : fmt::format("{}({})", info.name, list);
}

std::string_view metric_kind_name(MetricKind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}

tl::expected<Metric, std::string> parse_metric(const Kit& kit, std::string_view text) {
  auto form = parse_call(text);
  if (!form) return tl::unexpected(form.error());
  split_statistic(kit, *form);
  Metric metric;
  metric.source = trim(text);
  metric.info = find_metric(kit, form->name);
  if (metric.info == nullptr) return tl::unexpected(unknown_metric(kit, form->name));
  if (std::string wrong = take_arguments(kit, *form, metric); !wrong.empty()) {
    return tl::unexpected(std::move(wrong));
  }
  if (std::string wrong = take_statistic(*form, metric); !wrong.empty()) {
    return tl::unexpected(std::move(wrong));
  }
  return metric;
}

std::string check_metric(const Metric& metric, const PopulationNames& names, const Labels& labels) {
  if (std::string wrong = check_placeholders(metric); !wrong.empty()) return wrong;
  for (const auto* selector : {&metric.node, &metric.from, &metric.to}) {
    if (!*selector) continue;
    if (std::string wrong = check_selector(**selector, names); !wrong.empty()) return wrong;
  }
  if (metric.label.empty() || labels.find(metric.label) != labels.end()) return {};
  std::vector<std::string> forms;
  for (const auto& [form, times] : labels) {
    forms.push_back(form);
    const auto number = number_in(form, metric.label);
    if (!number) continue;
    if (*number < times) return {};
    return fmt::format("the label `{}` is never used: `{}` ends with `{}`", metric.label, form,
                       with_number(form, times - 1));
  }
  return fmt::format("no step has the label `{}`{}", metric.label,
                     suggestion(metric.label, "there are", forms));
}

}  // namespace macula::sim
