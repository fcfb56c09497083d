#include "sim/report/timeline_page.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace macula::sim {
namespace {

constexpr double kSecond = 1e9;
constexpr double kMillisecond = 1e6;

double seconds(std::int64_t ns) {
  return static_cast<double>(ns) / kSecond;
}

// A fault that lasts until another step ends it.
struct Lasting {
  std::string_view begins;
  std::string_view ends;
  bool same_nodes;  // of these nodes, or of all
};
constexpr std::array<Lasting, 3> kLasting{
    {{"partition", "heal", false}, {"crash", "restart", true}, {"pause", "resume", true}}};

std::int64_t end_of(const Happening& fault, const std::vector<Happening>& all, std::int64_t end) {
  for (const Lasting& lasting : kLasting) {
    if (fault.name != lasting.begins) continue;
    std::int64_t until = end;
    for (const Happening& other : all) {
      const bool ends = other.name == lasting.ends && other.from_ns >= fault.from_ns &&
                        (!lasting.same_nodes || other.what == fault.what);
      if (ends) until = std::min(until, other.from_ns);
    }
    return std::max(until, fault.until_ns);
  }
  return fault.until_ns;
}

// Whether it does no more than end faults that are told.
bool ends_another(const Happening& each, const std::vector<Happening>& all) {
  return std::any_of(kLasting.begin(), kLasting.end(), [&](const Lasting& lasting) {
    return each.name == lasting.ends &&
           std::any_of(all.begin(), all.end(), [&](const Happening& other) {
             return other.name == lasting.begins && other.from_ns <= each.from_ns &&
                    (!lasting.same_nodes || other.what == each.what);
           });
  });
}

PageJson span(const std::string& name, const std::string& what, std::int64_t from,
              std::int64_t until) {
  return {{"name", shown(name)},
          {"what", shown(what)},
          {"from", rounded(seconds(from))},
          {"until", rounded(seconds(until))}};
}

// Faults and churn, operations, and expectations with their verdict.
PageJson lanes_of(const RunResult& run) {
  const Timeline& timeline = *run.timeline;
  PageJson faults = PageJson::array();
  PageJson operations = PageJson::array();
  PageJson expectations = PageJson::array();
  for (const Happening& each : timeline.happenings) {
    if (each.kind == HappeningKind::operation) {
      operations.push_back(span(each.label.empty() ? each.name : each.name + " " + each.label,
                                each.what, each.from_ns, each.until_ns));
    } else if (each.kind == HappeningKind::churn) {
      faults.push_back(span("churn " + each.name, each.what, each.from_ns, each.until_ns));
    } else if (!ends_another(each, timeline.happenings)) {
      faults.push_back(span(each.name, each.what, each.from_ns,
                            end_of(each, timeline.happenings, run.virtual_ns)));
    }
  }
  for (std::size_t i = 0; i < std::min(timeline.windows.size(), run.expectations.size()); ++i) {
    const ExpectationWindow& window = timeline.windows[i];
    PageJson json = span(run.expectations[i].name, "", window.from_ns, window.until_ns);
    json["passed"] = run.expectations[i].passed;
    expectations.push_back(std::move(json));
  }
  return {{"faults", std::move(faults)},
          {"operations", std::move(operations)},
          {"expectations", std::move(expectations)},
          {"left_out", timeline.happenings_left_out}};
}

PageJson milliseconds(const std::vector<std::optional<std::uint64_t>>& list) {
  PageJson json = PageJson::array();
  for (const auto& each : list) {
    json.push_back(each ? rounded(static_cast<double>(*each) / kMillisecond) : PageJson(nullptr));
  }
  return json;
}

PageJson operations_page(const TimelineOperations& operations) {
  return {{"ended", operations.ended},
          {"failed", operations.failed},
          {"p50_ms", milliseconds(operations.p50_ns)},
          {"p99_ms", milliseconds(operations.p99_ns)}};
}

// The mean of percentiles over the runs that have some in the bin.
PageJson means(const std::vector<double>& sums, const std::vector<std::uint64_t>& runs) {
  PageJson json = PageJson::array();
  for (std::size_t i = 0; i < sums.size(); ++i) {
    json.push_back(runs[i] == 0 ? PageJson(nullptr)
                                : rounded(sums[i] / static_cast<double>(runs[i]) / kMillisecond));
  }
  return json;
}

PageJson means(const std::vector<std::uint64_t>& sums, const std::vector<std::uint64_t>& runs) {
  PageJson json = PageJson::array();
  for (std::size_t i = 0; i < sums.size(); ++i) {
    json.push_back(rounded(static_cast<double>(sums[i]) / static_cast<double>(runs[i])));
  }
  return json;
}

PageJson operations_page(const SummedOperations& operations) {
  return {{"ended", operations.ended},
          {"failed", operations.failed},
          {"p50_ms", means(operations.p50_ns, operations.runs)},
          {"p99_ms", means(operations.p99_ns, operations.runs)}};
}

template <typename Operations>
PageJson labels_page(const std::map<std::string, Operations>& by_label) {
  PageJson labels = PageJson::array();
  for (const auto& [label, operations] : by_label) {
    PageJson json = operations_page(operations);
    json["label"] = shown(label);
    labels.push_back(std::move(json));
  }
  return labels;
}

}  // namespace

PageJson timeline_page(const RunResult& run) {
  const Timeline& timeline = *run.timeline;
  return {{"seed", std::to_string(run.seed)},
          {"runs", 1},
          {"passed", run.passed},
          {"bin", rounded(seconds(timeline.bin_ns))},
          {"messages", timeline.messages},
          {"bytes", timeline.bytes},
          {"up", timeline.up},
          {"operations", operations_page(timeline.operations)},
          {"labels", labels_page(timeline.by_label)},
          {"labels_left_out", timeline.labels_left_out},
          {"lanes", lanes_of(run)}};
}

PageJson timeline_page(const Group& group) {
  const SummedTimeline& together = group.pictures.together();
  const std::vector<const RunResult*> alone = group.pictures.alone();
  if (together.runs == 0 || alone.empty()) return nullptr;
  return {{"seed", nullptr},
          {"runs", together.runs},
          {"passed", std::none_of(group.runs.begin(), group.runs.end(), failed)},
          {"bin", rounded(seconds(together.bin_ns))},
          {"messages", means(together.messages, together.bin_runs)},
          {"bytes", means(together.bytes, together.bin_runs)},
          {"up", means(together.up, together.bin_runs)},
          {"operations", operations_page(together.operations)},
          {"labels", labels_page(together.by_label)},
          {"labels_left_out", alone.front()->timeline->labels_left_out},
          {"lanes", lanes_of(*alone.front())}};
}

}  // namespace macula::sim
