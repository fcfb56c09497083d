// The subject of a message, for traces.
#include <type_traits>

#include "dht/contact/node_id.h"
#include "sim/macula/net/codec.h"

namespace macula::sim {
namespace {

using Tell = MaculaCodec::Tell;
namespace wire = dht::wire;

// Most kinds: nothing but their kind.
template <typename Content>
void tell_of(const Content& /*content*/, const Tell& /*tell*/) {}

void tell_of(const wire::FindNode& find, const Tell& tell) {
  tell("target", dht::id_to_hex(find.target));
}
void tell_of(const wire::FindValue& find, const Tell& tell) {
  tell("key", dht::id_to_hex(find.key));
}
void tell_of(const wire::Store& store, const Tell& tell) {
  tell("key", dht::id_to_hex(store.key));
}
void tell_of(const wire::LeaveCopy& copy, const Tell& tell) {
  tell("key", dht::id_to_hex(copy.key));
}
void tell_of(const wire::StoreRefused& refused, const Tell& tell) {
  tell("key", dht::id_to_hex(refused.key));
  tell("reason", refused.reason);
}
void tell_of(const wire::FindValueReply& reply, const Tell& tell) {
  const bool found = std::holds_alternative<std::vector<wire::Record>>(reply.result);
  tell("holds", found ? "the value" : "contacts");
}
void tell_of(const wire::Call& call, const Tell& tell) {
  tell("procedure", call.procedure);
}
void tell_of(const wire::Cast& cast, const Tell& tell) {
  tell("procedure", cast.procedure);
}
void tell_of(const wire::Reply& reply, const Tell& tell) {
  if (const auto* error = std::get_if<wire::CallError>(&reply.outcome)) tell("error", error->code);
}
void tell_of(const wire::RpcRoute& route, const Tell& tell) {
  tell("target", dht::id_to_hex(route.destination));
  if (route.payload == nullptr) return;
  std::visit([&](const auto& content) { tell_of(content, tell); }, *route.payload);
}

}  // namespace

void MaculaCodec::describe(const wire::Message& message, const Tell& tell) const {
  if (const auto* relay = std::get_if<std::unique_ptr<wire::Relay>>(&message)) {
    tell("carries", name((*relay)->payload));
    tell("destination", dht::id_to_hex((*relay)->destination));
    describe((*relay)->payload, tell);
    return;
  }
  std::visit([&](const auto& content) { tell_of(content, tell); }, message);
}

}  // namespace macula::sim
