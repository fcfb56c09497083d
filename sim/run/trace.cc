#include "sim/run/trace.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace macula::sim {

using nlohmann::ordered_json;

Trace::~Trace() {
  *out_ << fmt::format(R"({{"t":{},"kind":"{}","events":{}}})", to_ns(world_->network().now()),
                       whole_ ? "end" : "broken off", world_->network().log().events())
        << '\n';
}

void Trace::on_event(const NetworkEvent& event) {
  ordered_json line;
  line["t"] = to_ns(event.time);
  line["kind"] = event_name(event.kind);
  if (event.from != kNoNode) line["from"] = world_->name(event.from);
  if (event.to != kNoNode) line["to"] = world_->name(event.to);
  if (event.kind == EventKind::maintenance) {
    line["chore"] = dht::chore_name(chore_of(event.content));
    line["bytes"] = chore_bytes(event.content);
  }
  if (event.message != nullptr) {
    const MaculaCodec codec(world_->book());
    line["message"] = codec.name(*event.message);
    line["hash"] = fmt::format("{:016x}", codec.fingerprint(*event.message));
  }
  *out_ << line.dump() << '\n';
}

void Trace::on_operation(const Operation& operation) {
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
