#include "sim/run/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace macula::sim {

std::vector<std::string> trace_kinds() {
  std::vector<std::string> kinds{"begun", "ended", "sent", "packet", "cancelled"};
  for (unsigned kind = 0; kind <= static_cast<unsigned>(EventKind::maintenance); ++kind) {
    kinds.emplace_back(event_name(EventKind{static_cast<std::uint8_t>(kind)}));
  }
  return kinds;
}

Trace::Trace(World& world, const TraceOutputs& outputs, const TraceFilter& filter,
             const EventRange& range)
    : world_(&world),
      out_(outputs.lines),
      line_(outputs.lines),
      filter_(filter),
      range_(range),
      all_(filter.whole()),
      nodes_(marked(filter.nodes)),
      from_(marked(filter.from)),
      to_(marked(filter.to)),
      begun_(world.size()) {
  if (outputs.capture != nullptr) capture_.emplace(world, *outputs.capture);
}

Trace::~Trace() {
  const Time now = world_->network().now();
  const std::uint64_t events = world_->network().log().events();
  const std::string_view end = whole_ ? "end" : "broken off";
  if (capture_) capture_->close(now, fmt::format("{}, after {} events", end, events));
  // The end of a range is none of the run.
  if (!in_range() || (!whole_ && range_.last != EventRange{}.last)) return;
  if (out_ == nullptr) return;
  *out_ << fmt::format(R"({{"t":{},"kind":"{}","events":{}}})", to_ns(now), end, events) << '\n';
}

bool Trace::in_range() const {
  const std::uint64_t event = world_->network().log().events();
  return event >= range_.first && event <= range_.last;
}

std::vector<bool> Trace::marked(const std::vector<std::string>& names) const {
  std::vector<bool> marked(names.empty() ? 0 : world_->size());
  for (NodeNumber node = 0; node < marked.size(); ++node) {
    const std::string& name = world_->name(node);
    marked[node] = std::any_of(names.begin(), names.end(), [&](const std::string& wanted) {
      return name == wanted || name.starts_with(wanted + "#");
    });
  }
  return marked;
}

// ----- which lines are kept -----

const Trace::Known* Trace::operation_of(const Line& line) const {
  if (line.origin.cause == 0 || (line.origin.cause & kChoreCause) != 0) return nullptr;
  const auto known = operations_.find(line.origin.cause);
  return known != operations_.end() ? &known->second : nullptr;
}

std::string Trace::name_of(const Known& operation) const {
  return fmt::format("{}/{}", world_->name(operation.node), operation.count);
}

bool Trace::keeps(const Known* operation) const {
  if (filter_.labels.empty() && filter_.operations.empty()) return true;
  if (operation == nullptr) return false;
  const auto& labels = filter_.labels;
  const bool labelled =
      labels.empty() || std::any_of(labels.begin(), labels.end(), [&](const std::string& wanted) {
        return speaks_of(wanted, *operation->label);
      });
  const auto& names = filter_.operations;
  return labelled && (names.empty() ||
                      std::find(names.begin(), names.end(), name_of(*operation)) != names.end());
}

bool Trace::keeps(const Line& line) const {
  const auto& always = filter_.always;
  if (std::find(always.begin(), always.end(), line.kind) != always.end()) return true;
  if (line.time < filter_.begin || line.time > filter_.end) return false;
  const auto& kinds = filter_.kinds;
  if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), line.kind) == kinds.end()) {
    return false;
  }
  const auto is_in = [](const std::vector<bool>& nodes, NodeNumber node) {
    return node != kNoNode && nodes[node];
  };
  if (!nodes_.empty() && !is_in(nodes_, line.from) && !is_in(nodes_, line.to)) return false;
  if (!from_.empty() && !is_in(from_, line.from)) return false;
  if (!to_.empty() && !is_in(to_, line.to)) return false;
  return keeps(operation_of(line));
}

// ----- what they hold -----

bool Trace::begin(const Line& line) {
  if (out_ == nullptr) return false;
  line_.number("t", to_ns(line.time));
  line_.text("kind", line.kind);
  if (line.from != kNoNode) line_.text("from", world_->name(line.from));
  if (line.to != kNoNode) line_.text("to", world_->name(line.to));
  if (const std::uint64_t exchange = line.origin.exchange; exchange != 0) {
    line_.numbered("exchange", world_->name(asker_of(exchange)), count_of(exchange));
  }
  if ((line.origin.cause & kChoreCause) != 0) {
    line_.text("cause", "maintenance");
    line_.text("chore", world_->community().chore_turn(line.origin.cause & ~kChoreCause).name);
  } else if (const Known* operation = operation_of(line)) {
    line_.numbered(operation->under_way ? "operation" : "after", world_->name(operation->node),
                   operation->count);
  }
  return true;
}

void Trace::add_content(EventKind kind, std::uint64_t content) {
  if (kind != EventKind::maintenance) {
    if (content != 0) line_.hash("content", content);
    return;
  }
  const ChoreTurn turn = world_->community().chore_turn(content);
  line_.text("chore", turn.name);
  line_.number("bytes", static_cast<std::int64_t>(turn.bytes));
}

Trace::Line Trace::line_of(const PassageOf& passage) {
  const bool packet = passage.passage != Passage::cancelled;
  return {passage.time, packet ? "packet" : passage_name(passage.passage), passage.from, passage.to,
          passage.origin};
}

void Trace::add_passage(const Line& line, const PassageOf& passage) {
  if (!begin(line)) return;
  if (passage.passage != Passage::cancelled) line_.text("fate", passage_name(passage.passage));
  line_.end();
}

void Trace::capture_datagram(const Line& line, std::string_view datagram) {
  capture_->add_datagram({line.time, CaptureKind::datagram, line.from, line.to, comment_of(line)},
                         datagram);
}

std::string_view Trace::comment_of(const Line& line) {
  const auto name = [this](NodeNumber node) -> std::string_view {
    return node != kNoNode ? std::string_view(world_->name(node)) : "nobody";
  };
  const auto add = [this](std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) comment_ += part;
  };
  const auto add_counted = [&](std::string_view what, NodeNumber of, std::uint32_t count) {
    const fmt::format_int digits(count);
    add({", ", what, " ", name(of), "/", {digits.data(), digits.size()}});
  };
  comment_.clear();
  add({line.kind, " ", name(line.from), " > ", name(line.to)});
  if (const std::uint64_t exchange = line.origin.exchange; exchange != 0) {
    add_counted("exchange", asker_of(exchange), count_of(exchange));
  }
  if ((line.origin.cause & kChoreCause) != 0) {
    add({", chore ", world_->community().chore_turn(line.origin.cause & ~kChoreCause).name});
  } else if (const Known* operation = operation_of(line)) {
    add_counted(operation->under_way ? "operation" : "after", operation->node, operation->count);
  }
  return comment_;
}

void Trace::on_begun(const Operation& operation, const OperationNames& names) {
  operations_[operation.number] = {operation.by, ++begun_[operation.by], operation.label, true};
  const Line line{operation.started, "begun", operation.by, kNoNode, {0, operation.number}};
  if (!takes(line) || !begin(line)) return;
  line_.text("verb", operation.verb->name);
  if (!operation.label->empty()) line_.text("label", *operation.label);
  for (const auto& [key, name] : names) {
    line_.text(key, name);
    if (const KeyedView* keyed = world_->community().keyed()) {
      line_.text("id", keyed->id_of(key, name));
    }
  }
  line_.end();
}

void Trace::on_ended(const Operation& operation) {
  const Time now = world_->network().now();
  const Line line{now, "ended", operation.by, kNoNode, {0, operation.number}};
  if (takes(line) && begin(line)) {
    line_.text("verb", operation.verb->name);
    if (!operation.label->empty()) line_.text("label", *operation.label);
    line_.number("started", to_ns(operation.started));
    line_.text("outcome", operation.error.empty() ? "ok" : operation.error);
    line_.end();
  }
  operations_[operation.number].under_way = false;
}

}  // namespace macula::sim
