#include "sim/run/trace.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace macula::sim {

using nlohmann::ordered_json;

Trace::~Trace() {
  // The end of a range is none of the run.
  if (!in_range() || (!whole_ && range_.last != EventRange{}.last)) return;
  *out_ << fmt::format(R"({{"t":{},"kind":"{}","events":{}}})", to_ns(world_->network().now()),
                       whole_ ? "end" : "broken off", world_->network().log().events())
        << '\n';
}

bool Trace::in_range() const {
  const std::uint64_t event = world_->network().log().events();
  return event >= range_.first && event <= range_.last;
}

void Trace::write(const Line& event) {
  ordered_json line;
  line["t"] = to_ns(event.time);
  line["kind"] = event_name(event.kind);
  if (event.from != kNoNode) line["from"] = world_->name(event.from);
  if (event.to != kNoNode) line["to"] = world_->name(event.to);
  if (event.kind == EventKind::maintenance) {
    const ChoreTurn turn = world_->community().chore_turn(event.content);
    line["chore"] = turn.name;
    line["bytes"] = turn.bytes;
  }
  if (!event.message.empty()) {
    line["message"] = event.message;
    line["hash"] = fmt::format("{:016x}", event.hash);
  } else if (event.content != 0 && event.kind != EventKind::maintenance) {
    line["content"] = fmt::format("{:016x}", event.content);
  }
  *out_ << line.dump() << '\n';
}

void Trace::on_operation(const Operation& operation) {
  if (!in_range()) return;
  ordered_json line;
  line["t"] = to_ns(world_->network().now());
  line["kind"] = "ended";
  line["from"] = world_->name(operation.by);
  line["operation"] = operation.verb->name;
  if (!operation.label->empty()) line["label"] = *operation.label;
  line["started"] = to_ns(operation.started);
  if (!operation.error.empty()) line["error"] = operation.error;
  // A stored value may be any bytes; JSON is text.
  *out_ << line.dump(-1, ' ', false, ordered_json::error_handler_t::replace) << '\n';
}

}  // namespace macula::sim
