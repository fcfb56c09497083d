// The words of the conformance suites, in the messages of Macula.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

#include "dht/transport.h"
#include "dht/wire/frame.h"
#include "transport/conformance/scripted_guest.h"

namespace macula::conformance {

// Without text: PING and PONG. With text: CALL and REPLY. One-way: CAST.
struct MaculaWords {
  using Message = dht::wire::Message;
  static constexpr std::size_t kLarge = 900'000;
  static constexpr std::size_t kTooLarge = dht::wire::kMaxPayload;  // of a part alone

  static Message say(const Saying& saying) {
    switch (saying.kind) {
      case Saying::Kind::question:
        if (saying.text.empty()) return dht::wire::Ping{saying.number};
        return dht::wire::Call{"call", saying.text, call_id(saying.number), std::nullopt};
      case Saying::Kind::answer:
        if (saying.text.empty()) return dht::wire::Pong{saying.number, 0};
        return dht::wire::Reply{call_id(saying.number), saying.text};
      case Saying::Kind::notice:
        break;
    }
    return dht::wire::Cast{std::to_string(saying.number), {}};
  }

  static Saying hear(const Message& message) {
    if (const auto* ping = std::get_if<dht::wire::Ping>(&message)) {
      return {Saying::Kind::question, ping->timestamp};
    }
    if (const auto* call = std::get_if<dht::wire::Call>(&message)) {
      return {Saying::Kind::question, number_of(call->call_id), call->args};
    }
    if (const auto* pong = std::get_if<dht::wire::Pong>(&message)) {
      return {Saying::Kind::answer, pong->timestamp};
    }
    if (const auto* reply = std::get_if<dht::wire::Reply>(&message)) {
      return {Saying::Kind::answer, number_of(reply->call_id),
              std::get<dht::wire::Bytes>(reply->outcome)};
    }
    return {Saying::Kind::notice, std::stoull(std::get<dht::wire::Cast>(message).procedure)};
  }

 private:
  static dht::wire::CallId call_id(std::uint64_t number) {
    dht::wire::CallId id{};
    for (std::size_t i = 0; i < 8; ++i) id[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return id;
  }
  static std::uint64_t number_of(const dht::wire::CallId& id) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number |= std::uint64_t{id[i]} << (8 * i);
    return number;
  }
};

using MaculaGuest = ScriptedGuest<MaculaWords>;

}  // namespace macula::conformance
