#include "dht/wire/message.h"

#include <algorithm>
#include <array>
#include <utility>

namespace macula::dht::wire {
namespace {

struct Named {
  Type type;
  std::string_view name;
};

constexpr std::array<Named, 23> kTypes = {{
    {Type::connect, "connect"},
    {Type::disconnect, "disconnect"},
    {Type::ping, "ping"},
    {Type::pong, "pong"},
    {Type::publish, "publish"},
    {Type::subscribe, "subscribe"},
    {Type::unsubscribe, "unsubscribe"},
    {Type::pubsub_route, "pubsub_route"},
    {Type::call, "call"},
    {Type::reply, "reply"},
    {Type::cast, "cast"},
    {Type::rpc_route, "rpc_route"},
    {Type::swim_ping, "swim_ping"},
    {Type::swim_ack, "swim_ack"},
    {Type::swim_ping_req, "swim_ping_req"},
    {Type::find_node, "find_node"},
    {Type::find_node_reply, "find_node_reply"},
    {Type::store, "store"},
    {Type::find_value, "find_value"},
    {Type::find_value_reply, "find_value_reply"},
    {Type::relay, "relay"},
    {Type::store_refused, "store_refused"},
    {Type::leave_copy, "leave_copy"},
}};

// In the order of Message's alternatives.
constexpr std::array<Type, std::variant_size_v<Message>> kTypeOfAlternative = {
    Type::connect,
    Type::disconnect,
    Type::ping,
    Type::pong,
    Type::publish,
    Type::subscribe,
    Type::unsubscribe,
    Type::pubsub_route,
    Type::call,
    Type::reply,
    Type::cast,
    Type::rpc_route,
    Type::find_node,
    Type::find_node_reply,
    Type::store,
    Type::find_value,
    Type::find_value_reply,
    Type::relay,
    Type::store_refused,
    Type::leave_copy};

}  // namespace

Type type_of(const Message& message) {
  return kTypeOfAlternative[message.index()];
}

std::string_view type_name(Type type) {
  // By number: the size of a message is asked for millions of times a second, and takes its name
  // in.
  static constexpr auto kNames = [] {
    std::array<std::string_view, 256> names{};
    for (auto& name : names) name = "unknown";
    for (const Named& known : kTypes) names[static_cast<std::size_t>(known.type)] = known.name;
    return names;
  }();
  return kNames[static_cast<std::size_t>(type)];
}

std::optional<Type> type_from_name(std::string_view name) {
  for (const Named& known : kTypes) {
    if (known.name == name) return known.type;
  }
  return std::nullopt;
}

std::optional<Type> type_from_number(std::uint8_t number) {
  for (const Named& known : kTypes) {
    if (static_cast<std::uint8_t>(known.type) == number) return known.type;
  }
  return std::nullopt;
}

bool is_answer(Type type) {
  return type == Type::pong || type == Type::reply || type == Type::find_node_reply ||
         type == Type::find_value_reply;
}

bool wants_answer(const Message& message) {
  if (const auto* relay = std::get_if<std::unique_ptr<Relay>>(&message)) {
    return wants_answer((*relay)->payload);
  }
  if (const auto* route = std::get_if<RpcRoute>(&message)) {
    return std::holds_alternative<Call>(*route->payload);
  }
  switch (type_of(message)) {
    case Type::connect:
    case Type::ping:
    case Type::call:
    case Type::find_node:
    case Type::find_value:
      return true;
    default:
      return false;
  }
}

}  // namespace macula::dht::wire
