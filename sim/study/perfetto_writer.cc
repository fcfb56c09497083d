#include "sim/study/perfetto_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

namespace macula::sim {
namespace {

constexpr std::size_t kMostExchanges = std::size_t{1} << 18;
constexpr std::uint32_t kFaults = 1;  // the process of faults; those of regions follow it

// Of the name of an exchange: "eu#3/12".
std::string_view asker_of(std::string_view exchange) {
  return exchange.substr(0, std::min(exchange.rfind('/'), exchange.size()));
}

void add_number(std::string& to, std::uint64_t number) {
  const fmt::format_int digits(number);
  to.append(digits.data(), digits.size());
}

// Of a text that is no part of a line.
std::string escaped(std::string_view text) {
  using Json = nlohmann::json;
  const std::string quoted =
      Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

PerfettoWriter::PerfettoWriter(const Roster& roster, std::ostream& out)
    : roster_(&roster), out_(&out), nodes_(roster.size()), exchanges_(kMostExchanges) {
  for (NodeNumber node = 0; node < roster.size(); ++node) numbers_[roster.name(node)] = node;
  *out_ << "[\n";
}

void PerfettoWriter::finish() {
  *out_ << "]\n";
}

void PerfettoWriter::take(std::string_view text) {
  line_.read_head(text);
  const std::string_view kind = line_.kind();
  if (kind == "timer" || kind == "connected" || kind == "operation") return;  // not drawn
  line_.read_rest();
  if (kind == "packet") return packet();
  if (kind == "sent") return sent();
  if (kind == "request" || kind == "message") return handed();
  if (kind == "reply") return replied();
  if (kind == "begun") return operation_begun();
  if (kind == "ended") return operation_ended();
  if (kind == "failure" || kind == "cancelled") return exchange_ended();
  if (kind == "retransmit" || kind == "maintenance") return instant(kind, line_.text("from"));
  if (kind == "crash") return crashed();
  if (kind == "restart") return node_fault_ended("crash", &Node::down);
  if (kind == "pause") return node_fault("pause", &Node::paused);
  if (kind == "resume") return node_fault_ended("pause", &Node::paused);
  if (kind == "partition") return partitioned();
  if (kind == "heal") return healed();
  if (kind == "end" || kind == "broken off") {
    begin('i', kind, {kFaults, 0});
    event_ += R"(,"s":"g")";
    end();
  }
}

// ----- operations: spans on threads of their own, as a node may have several at a time -----

void PerfettoWriter::operation_begun() {
  const std::string_view node = line_.text("from");
  std::vector<std::string>& lanes = nodes_[numbers_.at(node)].lanes;
  const auto free = std::find(lanes.begin(), lanes.end(), std::string{});
  const auto chosen = static_cast<std::size_t>(free - lanes.begin());
  const Track where = lane(node, chosen);
  if (chosen == lanes.size()) {
    lanes.emplace_back();
    tell_name("thread_name", where,
              chosen == 0 ? fmt::format("{} operations", node)
                          : fmt::format("{} operations {}", node, chosen + 1));
  }
  lanes[chosen] = line_.text("operation");
  const std::string_view label = line_.text("label");
  const std::string_view verb = line_.text("verb");
  begin('B', label.empty() ? std::string(verb) : fmt::format("{} {}", verb, label), where);
  end();
}

void PerfettoWriter::operation_ended() {
  const std::string_view node = line_.text("from");
  std::vector<std::string>& lanes = nodes_[numbers_.at(node)].lanes;
  const auto found = std::find(lanes.begin(), lanes.end(), line_.text("operation"));
  if (found == lanes.end()) return instant("ended", node);
  found->clear();
  const std::string_view label = line_.text("label");
  const std::string_view verb = line_.text("verb");
  begin('E', label.empty() ? std::string(verb) : fmt::format("{} {}", verb, label),
        lane(node, static_cast<std::size_t>(found - lanes.begin())));
  end();
}

// ----- exchanges: a slice where a message leaves and where it is handed over, and a flow -----

void PerfettoWriter::sent() {
  const std::string_view from = line_.text("from");
  const std::string_view message = line_.text("message");
  const Track where = track(from);
  slice(message, where);
  const std::string_view exchange = line_.text("exchange");
  if (exchange.empty()) return;
  Exchange& opened = exchanges_.open(exchange);
  opened.number = ++exchanges_begun_;
  opened.message = message;
  flow('s', message, where, 2 * opened.number);
}

void PerfettoWriter::handed() {
  const std::string_view message = line_.text("message");
  const Track where = track(line_.text("to"));
  slice(message, where);
  const std::string_view name = line_.text("exchange");
  Exchange* exchange = exchanges_.find(name);
  if (exchange == nullptr || exchange->handed) return;
  flow('f', message, where, 2 * exchange->number);
  exchange->handed = true;
  if (exchange->over || line_.kind() == "message") exchanges_.close(name);
}

void PerfettoWriter::replied() {
  const Track where = track(line_.text("to"));
  slice(line_.text("message"), where);
  const std::string_view name = line_.text("exchange");
  Exchange* exchange = exchanges_.find(name);
  if (exchange == nullptr) return;
  if (exchange->left) {
    flow('f', "reply to " + exchange->message, where, 2 * exchange->number + 1);
  }
  exchanges_.close(name);
}

void PerfettoWriter::packet() {
  const std::string_view from = line_.text("from");
  const std::string_view fate = line_.text("fate");
  const std::string_view name_of_exchange = line_.text("exchange");
  // One that arrives, of the node that has begun the exchange: of a request.
  const bool asks = asker_of(name_of_exchange) == from;
  if (asks && fate == "sent") return;
  Exchange* exchange = asks ? nullptr : exchanges_.find(name_of_exchange);
  if (exchange != nullptr && exchange->handed && !exchange->left) {
    exchange->left = true;
    const Track where = track(from);
    const std::string name = "reply to " + exchange->message;
    slice(name, where);
    flow('s', name, where, 2 * exchange->number + 1);
  }
  if (fate != "sent") instant(fate, fate == "missed" ? line_.text("to") : from);
}

void PerfettoWriter::exchange_ended() {
  instant(line_.kind(), line_.text("from"));
  const std::string_view name = line_.text("exchange");
  Exchange* exchange = exchanges_.find(name);
  if (exchange == nullptr) return;
  exchange->over = true;  // what is still on its way may be handed over
  if (exchange->handed) exchanges_.close(name);
}

// ----- faults: spans in a process of their own -----

void PerfettoWriter::crashed() {
  node_fault("crash", &Node::down);
  bool& paused = nodes_[numbers_.at(line_.text("from"))].paused;
  if (paused) span('e', fmt::format("pause {}", line_.text("from")));
  paused = false;
}

void PerfettoWriter::node_fault(std::string_view kind, bool Node::*state) {
  const std::string_view node = line_.text("from");
  instant(line_.kind(), node);
  bool& is = nodes_[numbers_.at(node)].*state;
  if (!is) span('b', fmt::format("{} {}", kind, node));
  is = true;
}

void PerfettoWriter::node_fault_ended(std::string_view kind, bool Node::*state) {
  const std::string_view node = line_.text("from");
  instant(line_.kind(), node);
  bool& is = nodes_[numbers_.at(node)].*state;
  if (is) span('e', fmt::format("{} {}", kind, node));
  is = false;
}

void PerfettoWriter::partitioned() {
  partitions_.push_back(fmt::format("partition {}", ++partitions_begun_));
  span('b', partitions_.back());
}

void PerfettoWriter::healed() {
  for (const std::string& partition : partitions_) span('e', partition);
  partitions_.clear();
}

// ----- processes and threads, named where they are first met -----

std::uint32_t PerfettoWriter::process_of(NodeNumber node) {
  const std::string& region = roster_->population(node).region;
  const auto next = static_cast<std::uint32_t>(kFaults + 1 + processes_.size());
  const auto [process, added] = processes_.try_emplace(region, next);
  if (added) tell_name("process_name", {next, 0}, region.empty() ? "nodes" : escaped(region));
  return process->second;
}

PerfettoWriter::Track PerfettoWriter::lane(std::string_view node, std::size_t lane) {
  const NodeNumber number = numbers_.at(node);
  return {process_of(number), 1 + number + (lane + 1) * nodes_.size()};
}

PerfettoWriter::Track PerfettoWriter::track(std::string_view node) {
  const NodeNumber number = numbers_.at(node);
  const Track track{process_of(number), 1 + std::uint64_t{number}};
  if (!nodes_[number].told) tell_name("thread_name", track, node);
  nodes_[number].told = true;
  return track;
}

void PerfettoWriter::tell_name(std::string_view what, Track track, std::string_view name) {
  fmt::format_to(std::back_inserter(event_),
                 R"({{"ph":"M","name":"{}","pid":{},"tid":{},"args":{{"name":"{}"}})", what,
                 track.process, track.thread, name);
  event_ += '}';
  write();
}

// ----- events -----

void PerfettoWriter::write() {
  event_ += '\n';
  out_->write(event_.data(), static_cast<std::streamsize>(event_.size()));
  event_ = ",";
}

void PerfettoWriter::begin(char phase, std::string_view name, Track track) {
  event_ += R"({"ph":")";
  event_ += phase;
  event_ += R"(","name":")";
  event_ += name;
  if (place_.empty() || !(track == placed_) || line_.t() != placed_at_) place(track);
  event_ += place_;
}

// Most events come in twos, a slice and an arrow that begins or ends there.
void PerfettoWriter::place(Track track) {
  placed_ = track;
  placed_at_ = line_.t();
  place_ = R"(","pid":)";
  add_number(place_, track.process);
  place_ += R"(,"tid":)";
  add_number(place_, track.thread);
  place_ += R"(,"ts":)";
  // Microseconds; the fraction has the nanoseconds.
  constexpr std::uint64_t kThousand = 1000;
  const auto ns = static_cast<std::uint64_t>(line_.t());
  add_number(place_, ns / kThousand);
  char fraction[4] = {'.', '0', '0', '0'};
  const std::uint64_t rest = ns % kThousand;
  fraction[1] = static_cast<char>('0' + rest / 100);
  fraction[2] = static_cast<char>('0' + rest / 10 % 10);
  fraction[3] = static_cast<char>('0' + rest % 10);
  place_.append(fraction, sizeof fraction);
}

void PerfettoWriter::arguments() {
  event_ += R"(,"args":{)";
  event_ += line_.rest();
  event_ += '}';
}

void PerfettoWriter::end() {
  arguments();
  event_ += '}';
  write();
}

// A nanosecond long: two of them on a thread are one in the other, or apart.
void PerfettoWriter::slice(std::string_view name, Track track) {
  begin('X', name, track);
  event_ += R"(,"cat":"message","dur":0.001)";
  end();
}

void PerfettoWriter::flow(char phase, std::string_view name, Track track, std::uint64_t id) {
  begin(phase, name, track);
  event_ += R"(,"cat":"message","id":)";
  add_number(event_, id);
  event_ += phase == 'f' ? R"(,"bp":"e"})" : "}";
  write();
}

void PerfettoWriter::instant(std::string_view name, std::string_view node) {
  begin('i', name, track(node));
  event_ += R"(,"s":"t")";
  end();
}

void PerfettoWriter::span(char phase, std::string_view name) {
  if (!faults_told_) tell_name("process_name", {kFaults, 0}, "faults");
  faults_told_ = true;
  begin(phase, name, {kFaults, 0});
  fmt::format_to(std::back_inserter(event_), R"(,"cat":"fault","id":"{}")", name);
  end();
}

}  // namespace macula::sim
