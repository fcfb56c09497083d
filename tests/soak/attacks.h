// What one hostile client does to a node, row by row of the table in dht/quic/README.md.
//
//   for (const Attack& attack : attacks()) { Crowd crowd(arena, victim, seed); attack.run(crowd); }
//
// Each runs for a while of the loop's time and is over when its crowd goes.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/dht/quic/hostile/stranger.h"

namespace macula::dht::quic {

// Strangers with fresh keys, at one victim.
struct Crowd {
  Arena& arena;
  Endpoint victim;
  NodeId victim_id;
  std::uint64_t next_key;
  std::function<void(Duration)> pass;  // lets time go by
  std::deque<Stranger> all{};

  Stranger& add() { return all.emplace_back(arena, victim, ++next_key); }
};

struct Attack {
  const char* name;
  std::function<void(Crowd&)> run;
};

namespace attack {

constexpr Duration kWhile = std::chrono::seconds(20);

inline wire::Message relay_to(const NodeId& destination, const Stranger& from, ContactRef sender,
                              wire::Message payload) {
  auto relay = std::make_unique<wire::Relay>();
  relay->destination = destination;
  relay->source = from.credentials.id();
  relay->sender = sender;
  relay->payload = std::move(payload);
  return relay;
}

// Contacts of nobody, as if a gateway had heard of them.
inline void forged_relays(Crowd& crowd) {
  Stranger& stranger = crowd.add();
  stranger.greet();
  for (std::uint64_t i = 0; i < 200; ++i) {
    const NodeId forged = hash_id("forged " + std::to_string(crowd.next_key * 1000 + i));
    const auto sender = stranger.book.intern({forged, stranger.socket.local(), std::nullopt});
    stranger.say(
        wire::encode(relay_to(crowd.victim_id, stranger, *sender, wire::Ping{i}), stranger.book),
        true);
  }
  crowd.pass(kWhile);
}

inline void unanswered_requests(Crowd& crowd) {
  Stranger& stranger = crowd.add();
  stranger.greet();
  std::string frames;
  for (int i = 0; i < 4000; ++i) {
    frames += encoded(relay_to(hash_id("nobody"), stranger, kNoContact, wire::Ping{1}));
  }
  for (std::uint32_t i = 0; i < 2000; ++i) {
    frames += encoded(call_of("takes for ever", i, std::chrono::minutes(10)));
  }
  stranger.say(std::move(frames), false);
  crowd.pass(kWhile);
}

inline void floods_of_stores(Crowd& crowd) {
  Stranger& stranger = crowd.add();
  stranger.greet();
  const auto value = [](std::string text) {
    return std::make_shared<const wire::Value>(wire::Value{std::move(text)});
  };
  std::string frames;
  for (int i = 0; i < 3000; ++i) {
    frames += encoded(wire::Store{hash_id("flood " + std::to_string(i)), {value("x")}});
  }
  for (int i = 0; i < 4; ++i) {
    frames += encoded(wire::Store{hash_id("large"), {value(std::string(400'000, 'x'))}});
  }
  stranger.say(std::move(frames), true);
  crowd.pass(kWhile);
}

// Answers that nobody asked for, each with twenty contacts of nobody.
inline void unasked_answers(Crowd& crowd) {
  Stranger& stranger = crowd.add();
  stranger.greet(stranger.socket.local());
  for (std::uint64_t i = 0; i < 200; ++i) {
    wire::FindNodeReply reply;
    for (std::uint64_t j = 0; j < 20; ++j) {
      const NodeId named = hash_id("named " + std::to_string((crowd.next_key * 1000 + i) * 20 + j));
      reply.nodes.push_back(*stranger.book.intern({named, make_ipv4(0x7f000001, 9), std::nullopt}));
    }
    stranger.say(wire::encode(wire::Message{std::move(reply)}, stranger.book), true);
  }
  crowd.pass(kWhile);
}

inline void connections_of_one_key(Crowd& crowd) {
  Stranger& stranger = crowd.add();
  for (int i = 0; i < 100; ++i) {
    stranger.dial(crowd.victim);
    stranger.greet();
    stranger.begin(wire::Ping{1});
    crowd.pass(std::chrono::milliseconds(100));
  }
  crowd.pass(kWhile);
}

inline void connections_of_many_keys(Crowd& crowd) {
  for (int i = 0; i < 100; ++i) {
    Stranger& stranger = crowd.add();
    stranger.greet();
    stranger.ask(call_of("takes for ever", 1, std::chrono::minutes(10)));
    crowd.pass(std::chrono::milliseconds(100));
  }
  crowd.pass(kWhile);
}

// Who listens somewhere else, and goes.
inline void endpoints_of_others(Crowd& crowd) {
  for (int i = 0; i < 30; ++i) {
    Stranger& stranger = crowd.add();
    stranger.greet(make_ipv4(0x7f000001, 9));
    stranger.ask(wire::Ping{1});
    crowd.pass(std::chrono::milliseconds(200));
  }
  crowd.all.clear();
  crowd.pass(kWhile);
}

inline void unfinished_frames(Crowd& crowd) {
  for (int i = 0; i < 9; ++i) {
    Stranger& stranger = crowd.add();
    stranger.greet();
    for (int part = 0; part < 40; ++part) {
      stranger.begin(wire::Cast{"x", std::string(200'000, 'y')});
    }
  }
  crowd.pass(kWhile);
}

inline void routes_without_askers(Crowd& crowd) {
  Stranger& stranger = crowd.add();
  stranger.greet();
  std::string frames;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    wire::RpcRoute route{hash_id("destination " + std::to_string(i)), stranger.credentials.id(), 1,
                         10, nullptr};
    route.payload = std::make_unique<std::variant<wire::Call, wire::Reply>>(
        call_of("takes for ever", i, std::chrono::minutes(10)));
    frames += encoded(std::move(route));
  }
  stranger.say(std::move(frames), false);
  crowd.pass(kWhile);
}

}  // namespace attack

inline std::vector<Attack> attacks() {
  return {{"forged relays", attack::forged_relays},
          {"unanswered requests", attack::unanswered_requests},
          {"floods of stores", attack::floods_of_stores},
          {"unasked answers", attack::unasked_answers},
          {"connections of one key", attack::connections_of_one_key},
          {"connections of many keys", attack::connections_of_many_keys},
          {"endpoints of others", attack::endpoints_of_others},
          {"unfinished frames", attack::unfinished_frames},
          {"routes without askers", attack::routes_without_askers}};
}

}  // namespace macula::dht::quic
