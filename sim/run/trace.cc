#include "sim/run/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "base/check.h"

namespace macula::sim {

std::vector<std::string> trace_kinds() {
  std::vector<std::string> kinds;
  for (std::size_t kind = 0; kind < kToldKinds; ++kind) {
    kinds.emplace_back(told_name(ToldKind{static_cast<std::uint8_t>(kind)}));
  }
  return kinds;
}

Trace::Trace(World& world, const TraceOutputs& outputs, const TraceFilter& filter,
             const EventRange& range)
    : world_(&world),
      out_(outputs.lines),
      form_(outputs.form),
      line_(outputs.lines),
      filter_(filter),
      range_(range),
      all_(filter.whole()),
      kinds_(kinds_of(filter.kinds)),
      always_(kinds_of(filter.always)),
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
  if (form_ != nullptr) form_->end(now, whole_, events);
  if (out_ == nullptr) return;
  *out_ << fmt::format(R"({{"t":{},"kind":"{}","events":{}{}}})", to_ns(now), end, events,
                       all_ ? "" : R"(,"part":true)")
        << '\n';
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

Trace::Kinds Trace::kinds_of(const std::vector<std::string>& names) {
  const std::vector<std::string> all = trace_kinds();
  Kinds kinds;
  for (std::size_t kind = 0; kind < all.size(); ++kind) {
    kinds[kind] = std::find(names.begin(), names.end(), all[kind]) != names.end();
  }
  return kinds;
}

// ----- which lines are kept -----

const Trace::Known* Trace::operation_of(const Told& told) const {
  if (told.origin.cause == 0 || (told.origin.cause & kChoreCause) != 0) return nullptr;
  const auto known = operations_.find(told.origin.cause);
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

bool Trace::keeps(const Told& told) const {
  const auto kind = static_cast<std::size_t>(told.kind);
  if (always_[kind]) return true;
  if (told.time < filter_.begin || told.time > filter_.end) return false;
  if (!filter_.kinds.empty() && !kinds_[kind]) return false;
  const auto is_in = [](const std::vector<bool>& nodes, NodeNumber node) {
    return node != kNoNode && nodes[node];
  };
  if (!nodes_.empty() && !is_in(nodes_, told.from) && !is_in(nodes_, told.to)) return false;
  if (!from_.empty() && !is_in(from_, told.from)) return false;
  if (!to_.empty() && !is_in(to_, told.to)) return false;
  return keeps(operation_of(told));
}

// ----- what they hold -----

void Trace::add_head(const Told& told) {
  line_.number("t", to_ns(told.time));
  line_.plain("kind", told_name(told.kind));
  line_.end_head();
}

// Names of nodes are plain: sim/file/selector_parse.cc.
void Trace::add_ends(const Told& told) {
  if (told.from != kNoNode) line_.plain("from", world_->name(told.from));
  if (told.to != kNoNode) line_.plain("to", world_->name(told.to));
  if (const std::uint64_t exchange = told.origin.exchange; exchange != 0) {
    line_.numbered("exchange", world_->name(asker_of(exchange)), count_of(exchange));
  }
  if ((told.origin.cause & kChoreCause) != 0) {
    line_.plain("cause", "maintenance");
    line_.text("chore", world_->community().chore_turn(told.origin.cause & ~kChoreCause).name);
  } else if (const Known* operation = operation_of(told)) {
    line_.numbered(operation->under_way ? "operation" : "after", world_->name(operation->node),
                   operation->count);
  }
}

void Trace::tell_event(Told told, std::uint64_t content) {
  if (told.kind != ToldKind::maintenance) {
    return tell(told, [&] {
      if (told.kind == ToldKind::failure) {
        line_.plain("reason", transport::failure_name(static_cast<transport::Failure>(content)));
      } else if (content != 0) {
        line_.hash("content", content);
      }
    });
  }
  const ChoreTurn turn = world_->community().chore_turn(content);
  told.chore = turn.name;
  tell(told, [&] {
    line_.text("chore", turn.name);
    line_.number("bytes", static_cast<std::int64_t>(turn.bytes));
  });
}

Told Trace::told_of(const PassageOf& passage) {
  const bool packet = passage.passage != Passage::cancelled;
  Told told{passage.time, packet ? ToldKind::packet : ToldKind::cancelled, passage.from, passage.to,
            passage.origin};
  told.fate = passage.passage;
  return told;
}

void Trace::tell_passage(const Told& told) {
  tell(told, [&] {
    if (told.kind == ToldKind::packet) line_.plain("fate", passage_name(told.fate));
  });
}

void Trace::capture_datagram(const Told& told, std::string_view datagram) {
  capture_->add_datagram({told.time, CaptureKind::datagram, told.from, told.to, comment_of(told)},
                         datagram);
}

std::string_view Trace::comment_of(const Told& told) {
  const auto name = [this](NodeNumber node) -> std::string_view {
    return node != kNoNode ? std::string_view(world_->name(node)) : "nobody";
  };
  const auto add = [this](std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) comment_.add(part);
  };
  const auto add_counted = [&](std::string_view what, NodeNumber of, std::uint32_t count) {
    add({", ", what, " ", name(of), "/"});
    comment_.add_number(count);
  };
  comment_.clear();
  const bool packet = told.kind == ToldKind::packet;
  add({packet ? passage_name(told.fate) : told_name(told.kind), " ", name(told.from), " > ",
       name(told.to)});
  if (const std::uint64_t exchange = told.origin.exchange; exchange != 0) {
    add_counted("exchange", asker_of(exchange), count_of(exchange));
  }
  if ((told.origin.cause & kChoreCause) != 0) {
    add({", chore ", world_->community().chore_turn(told.origin.cause & ~kChoreCause).name});
  } else if (const Known* operation = operation_of(told)) {
    add_counted(operation->under_way ? "operation" : "after", operation->node, operation->count);
  }
  return comment_.view();
}

void Trace::on_begun(const Operation& operation, const OperationNames& names) {
  const std::uint32_t count = ++begun_[operation.by];
  operations_[operation.number] = {operation.by, count, operation.label, true};
  Told told{operation.started, ToldKind::begun, operation.by, kNoNode, {0, operation.number}};
  if (!takes(told)) return;
  told.operation = &operation;
  told.count = count;
  tell(told, [&] {
    add_operation(operation);
    for (const auto& [key, name] : names) {
      line_.text(key, name);
      if (const KeyedView* keyed = world_->community().keyed()) {
        line_.text("id", keyed->id_of(key, name));
      }
    }
  });
}

void Trace::on_ended(const Operation& operation) {
  const auto known = operations_.find(operation.number);
  MACULA_CHECK(known != operations_.end());
  Told told{world_->network().now(), ToldKind::ended, operation.by, kNoNode, {0, operation.number}};
  if (takes(told)) {
    told.operation = &operation;
    told.count = known->second.count;
    tell(told, [&] {
      add_operation(operation);
      line_.number("started", to_ns(operation.started));
      line_.text("outcome", operation.error.empty() ? "ok" : operation.error);
    });
  }
  known->second.under_way = false;
}

void Trace::add_operation(const Operation& operation) {
  line_.text("verb", operation.verb->name);
  if (!operation.label->empty()) line_.text("label", *operation.label);
}

}  // namespace macula::sim
