#include "sim/run/trace_filter.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text/quotes.h"
#include "base/text/suggest.h"
#include "base/text/units.h"
#include "sim/net/observer.h"
#include "sim/run/trace.h"
#include "sim/scenario/metric.h"

namespace macula::sim {
namespace {

constexpr std::string_view kForm =
    "takes KEY=VALUE,..: label, operation, node, kind; and from, to: times or nodes; a value may "
    "stand in quotes";

// Where the first part ends: at a comma outside of quotes, or at the end of the text. A quote opens
// a value where that begins; elsewhere it is a letter like others.
std::size_t end_of_part(std::string_view text) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quote != 0) {
      if (text[i] == quote) quote = 0;
    } else if (is_quote(text[i]) && i > 0 && text[i - 1] == '=') {
      quote = text[i];
    } else if (text[i] == ',') {
      return i;
    }
  }
  return text.size();
}

// A time, or a node: whichever it reads as.
void add_end(const std::string& value, Time& time, std::vector<std::string>& nodes) {
  if (const auto duration = parse_duration(value)) {
    time = kTimeZero + *duration;
  } else {
    nodes.push_back(value);
  }
}

std::string add(TraceFilter& filter, const std::string& key, std::string value) {
  if (key == "label") {
    filter.labels.push_back(std::move(value));
  } else if (key == "operation") {
    filter.operations.push_back(std::move(value));
  } else if (key == "node") {
    filter.nodes.push_back(std::move(value));
  } else if (key == "kind") {
    const std::vector<std::string> known = trace_kinds();
    if (std::find(known.begin(), known.end(), value) == known.end()) {
      return fmt::format("no line is of the kind '{}'; there are {}", value,
                         fmt::join(known, ", "));
    }
    filter.kinds.push_back(std::move(value));
  } else if (key == "from") {
    add_end(value, filter.begin, filter.from);
  } else if (key == "to") {
    add_end(value, filter.end, filter.to);
  } else {
    return fmt::format("'{}' is no key; it {}", key, kForm);
  }
  return {};
}

bool is_number(std::string_view digits) {
  return !digits.empty() && digits.size() <= 9 &&
         std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Nodes are named as in the scenario: by their own name, or by their group's.
bool has_node(const Scenario& scenario, std::string_view name) {
  return std::any_of(scenario.populations.begin(), scenario.populations.end(),
                     [&](const Population& population) {
                       if (population.name == name) return true;
                       if (!population.group || !name.starts_with(population.name + "#"))
                         return false;
                       const std::string_view digits = name.substr(population.name.size() + 1);
                       if (!is_number(digits)) return false;
                       return population.group
                           ->place_of(static_cast<std::uint32_t>(std::stoul(std::string(digits))))
                           .has_value();
                     });
}

std::string no_such(std::string_view what, const std::string& value,
                    const std::vector<std::string>& known) {
  if (known.empty()) return fmt::format("no {} is '{}': there is none", what, value);
  return fmt::format("no {} is '{}'{}", what, value,
                     suggestion(value, fmt::format("the {}s are", what), known));
}

}  // namespace

tl::expected<TraceFilter, std::string> parse_trace_filter(std::string_view text) {
  TraceFilter filter;
  while (true) {
    const std::size_t comma = end_of_part(text);
    const std::string_view part = text.substr(0, comma);
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == part.size()) {
      return tl::unexpected(fmt::format("'{}' is no KEY=VALUE; it {}", part, kForm));
    }
    std::string wrong =
        add(filter, std::string(part.substr(0, equals)), unquoted(part.substr(equals + 1)));
    if (!wrong.empty()) return tl::unexpected(std::move(wrong));
    if (comma == text.size()) break;
    text.remove_prefix(comma + 1);
  }
  if (filter.end < filter.begin) return tl::unexpected(std::string("it ends before it begins"));
  return filter;
}

std::string check_trace_filter(const TraceFilter& filter, const Scenario& scenario) {
  std::set<std::string> labels;
  for (const Step& step : scenario.steps) {
    if (!step.label.empty()) labels.insert(step.label);
  }
  for (const std::string& wanted : filter.labels) {
    const bool known = std::any_of(labels.begin(), labels.end(), [&](const std::string& label) {
      return label == wanted || label_matches(label, wanted);
    });
    if (!known) return no_such("label", wanted, {labels.begin(), labels.end()});
  }
  std::vector<std::string> names;
  for (const Population& population : scenario.populations) names.push_back(population.name);
  for (const auto* nodes : {&filter.nodes, &filter.from, &filter.to}) {
    for (const std::string& name : *nodes) {
      if (!has_node(scenario, name)) return no_such("node or group", name, names);
    }
  }
  for (const std::string& operation : filter.operations) {
    const std::size_t slash = operation.rfind('/');
    const std::string node = operation.substr(0, slash);
    if (slash == std::string::npos || !is_number(operation.substr(slash + 1))) {
      return fmt::format("an operation is NODE/NUMBER, as in eu#3/2, not '{}'", operation);
    }
    if (!has_node(scenario, node)) return no_such("node", node, names);
  }
  const Time end = kTimeZero + scenario.duration;
  if (filter.begin > end) {
    return fmt::format("it begins after the run has ended, at {}",
                       describe_duration(scenario.duration));
  }
  return {};
}

}  // namespace macula::sim
