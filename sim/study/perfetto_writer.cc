#include "sim/study/perfetto_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/run/json_line.h"
#include "sim/run/operation.h"

namespace macula::sim {
namespace {

constexpr std::uint32_t kFaults = 1;  // the process of faults; those of regions follow it

// A packet of the node that has begun the exchange: of a request.
bool asks(const Told& told) {
  return told.origin.exchange != 0 && asker_of(told.origin.exchange) == told.from;
}

}  // namespace

PerfettoWriter::PerfettoWriter(const Roster& roster, std::ostream& out)
    : roster_(&roster), out_(&out), nodes_(roster.size()), exchanges_(kMostOpenExchanges) {
  text_.add("[\n");
}

void PerfettoWriter::finish() {
  text_.add("]\n");
  text_.write_to(*out_);
}

bool PerfettoWriter::wants_fields(const Told& told) const {
  switch (told.kind) {
    case ToldKind::timer:
    case ToldKind::connected:
    case ToldKind::operation:
      return false;  // not drawn
    case ToldKind::packet: {
      if (told.fate != Passage::sent) return true;
      if (asks(told)) return false;
      const Exchange* exchange = exchanges_.find(told.origin.exchange);
      return exchange != nullptr && exchange->handed && !exchange->left;
    }
    default:
      return true;
  }
}

void PerfettoWriter::take(const Told& told, std::string_view fields) {
  told_ = &told;
  fields_ = fields;
  now_ = to_ns(told.time);
  switch (told.kind) {
    case ToldKind::begun:
      return operation_begun();
    case ToldKind::ended:
      return operation_ended();
    case ToldKind::sent:
      return sent();
    case ToldKind::packet:
      return packet();
    case ToldKind::request:
    case ToldKind::message:
      return handed();
    case ToldKind::reply:
      return replied();
    case ToldKind::failure:
    case ToldKind::cancelled:
      return exchange_ended();
    case ToldKind::retransmit:
    case ToldKind::maintenance:
      return instant(told_name(told.kind), told.from);
    case ToldKind::crash:
      return crashed();
    case ToldKind::restart:
      return node_fault_ended("crash", &Node::down);
    case ToldKind::pause:
      return node_fault("pause", &Node::paused);
    case ToldKind::resume:
      return node_fault_ended("pause", &Node::paused);
    case ToldKind::partition:
      return partitioned();
    case ToldKind::heal:
      return healed();
    case ToldKind::timer:
    case ToldKind::connected:
    case ToldKind::operation:
      return;
  }
}

void PerfettoWriter::end(Time now, bool whole, std::uint64_t events) {
  now_ = to_ns(now);
  const std::string fields = fmt::format(R"("events":{})", events);
  fields_ = fields;
  event('i', whole ? "end" : "broken off", {kFaults, 0}, {R"(,"s":"g")"});
}

// ----- operations: spans on threads of their own, as a node may have several at a time -----

void PerfettoWriter::operation_begun() {
  const NodeNumber node = told_->from;
  Lanes& lanes = lanes_[node];
  const auto free = std::find(lanes.begin(), lanes.end(), 0);
  const auto chosen = static_cast<std::size_t>(free - lanes.begin());
  const Track where = lane(node, chosen);
  if (chosen == lanes.size()) {
    lanes.emplace_back();
    tell_name("thread_name", where,
              chosen == 0 ? fmt::format("{} operations", roster_->name(node))
                          : fmt::format("{} operations {}", roster_->name(node), chosen + 1));
  }
  lanes[chosen] = told_->operation->number;
  event('B', operation_name(), where, {});
}

void PerfettoWriter::operation_ended() {
  const NodeNumber node = told_->from;
  Lanes& lanes = lanes_[node];
  const auto found = std::find(lanes.begin(), lanes.end(), told_->operation->number);
  if (found == lanes.end()) return instant("ended", node);
  *found = 0;
  event('E', operation_name(), lane(node, static_cast<std::size_t>(found - lanes.begin())), {});
}

std::string PerfettoWriter::operation_name() const {
  const Operation& operation = *told_->operation;
  const std::string verb(operation.verb->name);
  return operation.label->empty() ? verb : verb + " " + *operation.label;
}

// ----- exchanges: a slice where a message leaves and where it is handed over, and a flow -----

void PerfettoWriter::sent() {
  const Track where = track(told_->from);
  slice(told_->message, where);
  if (told_->origin.exchange == 0) return;
  Exchange& opened = exchanges_.open(told_->origin.exchange);
  opened.number = ++exchanges_begun_;
  opened.message = told_->message;
  flow('s', told_->message, where, 2 * opened.number);
}

void PerfettoWriter::handed() {
  const Track where = track(told_->to);
  slice(told_->message, where);
  Exchange* exchange = exchanges_.find(told_->origin.exchange);
  if (exchange == nullptr || exchange->handed) return;
  flow('f', told_->message, where, 2 * exchange->number);
  exchange->handed = true;
  if (exchange->over || told_->kind == ToldKind::message) exchanges_.close(told_->origin.exchange);
}

void PerfettoWriter::replied() {
  const Track where = track(told_->to);
  slice(told_->message, where);
  Exchange* exchange = exchanges_.find(told_->origin.exchange);
  if (exchange == nullptr) return;
  if (exchange->left) flow('f', reply_name(*exchange), where, 2 * exchange->number + 1);
  exchanges_.close(told_->origin.exchange);
}

void PerfettoWriter::packet() {
  const bool arrives = told_->fate == Passage::sent;
  if (arrives && asks(*told_)) return;
  Exchange* exchange = asks(*told_) ? nullptr : exchanges_.find(told_->origin.exchange);
  if (exchange != nullptr && exchange->handed && !exchange->left) {
    exchange->left = true;
    const Track where = track(told_->from);
    const std::string_view name = reply_name(*exchange);
    slice(name, where);
    flow('s', name, where, 2 * exchange->number + 1);
  }
  if (arrives) return;
  instant(passage_name(told_->fate), told_->fate == Passage::missed ? told_->to : told_->from);
}

void PerfettoWriter::exchange_ended() {
  instant(told_name(told_->kind), told_->from);
  Exchange* exchange = exchanges_.find(told_->origin.exchange);
  if (exchange == nullptr) return;
  exchange->over = true;  // what is still on its way may be handed over
  if (exchange->handed) exchanges_.close(told_->origin.exchange);
}

std::string_view PerfettoWriter::reply_name(const Exchange& exchange) {
  reply_name_ = "reply to ";
  reply_name_ += exchange.message;
  return reply_name_;
}

// ----- faults: spans in a process of their own -----

void PerfettoWriter::crashed() {
  node_fault("crash", &Node::down);
  bool& paused = nodes_[told_->from].paused;
  if (paused) span('e', fmt::format("pause {}", roster_->name(told_->from)));
  paused = false;
}

void PerfettoWriter::node_fault(std::string_view kind, bool Node::*state) {
  const NodeNumber node = told_->from;
  instant(told_name(told_->kind), node);
  bool& is = nodes_[node].*state;
  if (!is) span('b', fmt::format("{} {}", kind, roster_->name(node)));
  is = true;
}

void PerfettoWriter::node_fault_ended(std::string_view kind, bool Node::*state) {
  const NodeNumber node = told_->from;
  instant(told_name(told_->kind), node);
  bool& is = nodes_[node].*state;
  if (is) span('e', fmt::format("{} {}", kind, roster_->name(node)));
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
  std::uint32_t& known = nodes_[node].process;
  if (known != 0) return known;
  const std::string& region = roster_->population(node).region;
  const auto next = static_cast<std::uint32_t>(kFaults + 1 + processes_.size());
  const auto [process, added] = processes_.try_emplace(region, next);
  if (added) tell_name("process_name", {next, 0}, region.empty() ? "nodes" : region);
  known = process->second;
  return known;
}

PerfettoWriter::Track PerfettoWriter::lane(NodeNumber node, std::size_t lane) {
  return {process_of(node), 1 + node + (lane + 1) * nodes_.size()};
}

PerfettoWriter::Track PerfettoWriter::track(NodeNumber node) {
  const Track track{process_of(node), 1 + std::uint64_t{node}};
  if (!nodes_[node].told) tell_name("thread_name", track, roster_->name(node));
  nodes_[node].told = true;
  return track;
}

void PerfettoWriter::tell_name(std::string_view what, Track track, std::string_view name) {
  if (!first_) text_.add(",");
  first_ = false;
  text_.add(fmt::format(R"({{"ph":"M","name":"{}","pid":{},"tid":{},"args":{{"name":"{}"}}}})"
                        "\n",
                        what, track.process, track.thread, escaped(name, room_)));
}

// ----- events -----

void PerfettoWriter::event(char phase, std::string_view name, Track track, const Rest& rest) {
  if (place_.empty() || !(track == placed_) || now_ != placed_at_) place(track);
  name = escaped(name, room_);
  const std::string_view place = place_.view();
  constexpr std::size_t kAround = TextBuffer::kLongestNumber + 40;
  TextBuffer::Piece to = text_.piece(name.size() + place.size() + rest.before.size() +
                                     rest.after.size() + fields_.size() + kAround);
  if (!first_) to.add(',');
  first_ = false;
  to.add(R"({"ph":")");
  to.add(phase);
  to.add(R"(","name":")");
  to.add(name);
  to.add(place);
  to.add(rest.before);
  if (rest.id != 0) to.add_number(rest.id);
  to.add(rest.after);
  if (rest.arguments) {
    to.add(R"(,"args":{)");
    to.add(fields_);
    to.add('}');
  }
  to.add("}\n");
  to.done();
  text_.write_in_parts_to(*out_);
}

// Most events come in twos, a slice and an arrow that begins or ends there.
void PerfettoWriter::place(Track track) {
  placed_ = track;
  placed_at_ = now_;
  place_.clear();
  TextBuffer::Piece to = place_.piece(100);
  to.add(R"(","pid":)");
  to.add_number(track.process);
  to.add(R"(,"tid":)");
  to.add_number(track.thread);
  to.add(R"(,"ts":)");
  // Microseconds; the fraction has the nanoseconds.
  constexpr std::uint64_t kThousand = 1000;
  const auto ns = static_cast<std::uint64_t>(now_);
  to.add_number(ns / kThousand);
  const std::uint64_t rest = ns % kThousand;
  const char fraction[] = {'.', static_cast<char>('0' + rest / 100),
                           static_cast<char>('0' + rest / 10 % 10),
                           static_cast<char>('0' + rest % 10)};
  to.add({fraction, sizeof fraction});
  to.done();
}

// A nanosecond long: two of them on a thread are one in the other, or apart.
void PerfettoWriter::slice(std::string_view name, Track track) {
  event('X', name, track, {R"(,"cat":"message","dur":0.001)"});
}

void PerfettoWriter::flow(char phase, std::string_view name, Track track, std::uint64_t id) {
  const std::string_view enclosing = phase == 'f' ? R"(,"bp":"e")" : "";
  event(phase, name, track, {R"(,"cat":"message","id":)", id, enclosing, false});
}

void PerfettoWriter::instant(std::string_view name, NodeNumber node) {
  event('i', name, track(node), {R"(,"s":"t")"});
}

// `name`: plain.
void PerfettoWriter::span(char phase, std::string_view name) {
  if (!faults_told_) tell_name("process_name", {kFaults, 0}, "faults");
  faults_told_ = true;
  event(phase, name, {kFaults, 0}, {fmt::format(R"(,"cat":"fault","id":"{}")", name)});
}

}  // namespace macula::sim
