#include "sim/study/timeline_json.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace macula::sim {
namespace {

using OrderedJson = nlohmann::ordered_json;
constexpr std::array<const char*, 3> kKinds{"operation", "fault", "churn"};

OrderedJson to_json(const std::vector<std::optional<std::uint64_t>>& list) {
  OrderedJson json = OrderedJson::array();
  for (const auto& each : list) json.push_back(each ? OrderedJson(*each) : OrderedJson(nullptr));
  return json;
}

OrderedJson to_json(const TimelineOperations& operations) {
  return {{"ended", operations.ended},
          {"failed", operations.failed},
          {"p50_ns", to_json(operations.p50_ns)},
          {"p99_ns", to_json(operations.p99_ns)}};
}

TimelineOperations read_operations(const JsonFields& json, std::size_t bins) {
  TimelineOperations read;
  read.ended = json.counts("ended");
  read.failed = json.counts("failed");
  read.p50_ns = json.counts_or_null("p50_ns");
  read.p99_ns = json.counts_or_null("p99_ns");
  // All of one length: of no operation they are empty.
  const std::size_t length = read.ended.size();
  if ((length != 0 && length != bins) || read.failed.size() != length ||
      read.p50_ns.size() != length || read.p99_ns.size() != length) {
    json.refuse("ended", "a number for each bin");
  }
  return read;
}

Happening read_happening(const JsonFields& json) {
  Happening read;
  read.kind = static_cast<HappeningKind>(json.choice("kind", {kKinds.begin(), kKinds.end()}));
  read.name = json.text("name");
  read.what = json.text("what");
  read.label = json.text("label");
  read.from_ns = json.time("from_ns");
  read.until_ns = json.time("until_ns");
  return read;
}

}  // namespace

OrderedJson to_json(const Timeline& timeline) {
  OrderedJson json = {{"bin_ns", timeline.bin_ns},
                      {"messages", timeline.messages},
                      {"bytes", timeline.bytes},
                      {"up", timeline.up},
                      {"operations", to_json(timeline.operations)},
                      {"by_label", OrderedJson::object()},
                      {"labels_left_out", timeline.labels_left_out},
                      {"happenings", OrderedJson::array()},
                      {"happenings_left_out", timeline.happenings_left_out},
                      {"windows", OrderedJson::array()}};
  for (const auto& [label, operations] : timeline.by_label) {
    json["by_label"][label] = to_json(operations);
  }
  for (const Happening& each : timeline.happenings) {
    json["happenings"].push_back({{"kind", kKinds[static_cast<std::size_t>(each.kind)]},
                                  {"name", each.name},
                                  {"what", each.what},
                                  {"label", each.label},
                                  {"from_ns", each.from_ns},
                                  {"until_ns", each.until_ns}});
  }
  for (const ExpectationWindow& window : timeline.windows) {
    json["windows"].push_back({{"from_ns", window.from_ns}, {"until_ns", window.until_ns}});
  }
  return json;
}

Timeline read_timeline(const JsonFields& json) {
  Timeline read;
  read.bin_ns = json.time("bin_ns");
  if (read.bin_ns == 0) json.refuse("bin_ns", "a width above 0");
  read.messages = json.counts("messages");
  read.bytes = json.counts("bytes");
  read.up = json.counts("up");
  const std::size_t bins = read.messages.size();
  if (read.bytes.size() != bins || read.up.size() != bins) {
    json.refuse("bytes", "a number for each bin");
  }
  read.operations = read_operations(json.object("operations"), bins);
  const JsonFields labels = json.object("by_label");
  for (const std::string& label : labels.names()) {
    read.by_label[label] = read_operations(labels.object(label), bins);
  }
  read.labels_left_out = json.count("labels_left_out");
  for (const JsonFields& each : json.list("happenings")) {
    read.happenings.push_back(read_happening(each));
  }
  read.happenings_left_out = json.count("happenings_left_out");
  for (const JsonFields& each : json.list("windows")) {
    read.windows.push_back({each.time("from_ns"), each.time("until_ns")});
  }
  return read;
}

OrderedJson to_json(const std::vector<HistogramBar>& bars) {
  OrderedJson values = OrderedJson::array();
  OrderedJson counts = OrderedJson::array();
  for (const HistogramBar& bar : bars) {
    values.push_back(bar.value);
    counts.push_back(bar.count);
  }
  return {{"values", std::move(values)}, {"counts", std::move(counts)}};
}

std::vector<HistogramBar> read_histogram(const JsonFields& json) {
  const std::vector<double> values = json.numbers("values");
  const std::vector<std::uint64_t> counts = json.counts("counts");
  if (values.size() != counts.size()) json.refuse("counts", "a number for each value");
  std::vector<HistogramBar> bars;
  for (std::size_t i = 0; i < std::min(values.size(), counts.size()); ++i) {
    bars.push_back({values[i], counts[i]});
  }
  return bars;
}

}  // namespace macula::sim
