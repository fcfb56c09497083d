// The attacks of one hostile client on a node, row by row of the table in dht/quic/README.md.
//
//   for (const Attack& attack : attacks()) { Crowd crowd(arena, victim, seed); attack.run(crowd); }
//
// Each runs for a while of the loop's time and is over when its crowd goes.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dht/record/provider.h"
#include "dht/record/record_signature.h"
#include "tests/dht/quic/hostile/liar.h"
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
  std::unique_ptr<Liar> liar{};

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

// Strangers that say they listen somewhere else, and go.
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

// Large values from several strangers, and then small ones.
inline void keys_of_large_values(Crowd& crowd) {
  const Key key = hash_id("maps " + std::to_string(crowd.next_key));
  for (int i = 0; i < 16; ++i) {
    if (i % 4 == 0) crowd.add().greet();
    wire::Map map{{"node_id", {id_to_bytes(hash_id(std::to_string(i)))}}};
    for (int j = 0; j < 1000; ++j) map.push_back({"m" + std::to_string(j), {}});
    wire::Record record{std::make_shared<const wire::Value>(wire::make_map(std::move(map)))};
    record.lifetime_ms = record.ttl_ms = 60'000;
    crowd.all.back().ask(wire::Store{key, std::move(record)});
  }
  std::string frames;
  for (int i = 0; i < 2000; ++i) {
    frames += encoded(wire::Store{
        key, {std::make_shared<const wire::Value>(wire::Value{"x" + std::to_string(i)})}});
  }
  crowd.all.back().say(std::move(frames), true);
  // Large answers to small questions, which nobody reads.
  Stranger& reader = crowd.add();
  reader.greet();
  reader.reads = false;
  for (int i = 0; i < 400; ++i) reader.ask(wire::FindValue{key});
  crowd.pass(kWhile);
}

// Ids that differ in their last bits, as those that fell into one place of a table did.
inline void chosen_ids(Crowd& crowd) {
  Stranger& stranger = crowd.add();
  stranger.greet();
  std::string frames;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    NodeId id{};
    id.words[3] = i << 32;
    frames += encoded(wire::FindNode{id});
    frames += encoded(wire::Store{id, {std::make_shared<const wire::Value>(wire::Value{"x"})}});
    if (i % 100 == 99) stranger.say(std::exchange(frames, {}), true);
  }
  crowd.pass(kWhile);
}

// A provider that nobody can reach: its id is that of the stranger's own key.
inline wire::Record provider(const std::string& procedure, std::uint64_t number,
                             std::uint64_t sequence) {
  const Contact contact{credentials_of(number).id(), make_ipv4(0x7f000001, 9), std::nullopt};
  wire::Record record{make_provider_record(contact, kTimeZero, std::chrono::seconds(300))};
  record.lifetime_ms = record.ttl_ms = 300'000;
  if (sequence != 0) {
    sign_record(service_key(procedure), record, sequence, SigningKey(seed_of(number)));
  }
  return record;
}

inline void full_lists(Crowd& crowd) {
  std::string frames;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const wire::Record record = provider("soak", crowd.next_key * 1000 + i, i % 3);
    frames += encoded(wire::Store{service_key("soak"), record});
    if (i % 30 != 29) continue;
    crowd.add().greet();
    crowd.all.back().say(std::exchange(frames, {}), true);
  }
  crowd.pass(kWhile);
}

// A liar that all meet: unsigned providers, copies that nobody asked for.
inline void lies(Crowd& crowd) {
  crowd.liar =
      std::make_unique<Liar>(crowd.arena, ++crowd.next_key, [](const wire::Message& asked) {
        std::optional<wire::Message> said = wire::FindNodeReply{};
        if (!std::holds_alternative<wire::FindValue>(asked)) return said;
        std::vector<wire::Record> records;
        records.push_back(provider("lie", 4711, 0));
        said = wire::FindValueReply{ContactList{}, std::move(records)};
        return said;
      });
  crowd.liar->meet(crowd.victim);
  for (int i = 0; i < 20; ++i) {
    wire::LeaveCopy copy{hash_id("record " + std::to_string(i)), 30'000, {}};
    copy.records.push_back(provider("lie", 4711, 0));
    crowd.liar->tell_all(copy);
    crowd.pass(std::chrono::seconds(1));
  }
}

// Records that have been withdrawn or replaced, once more.
inline void replays(Crowd& crowd) {
  Stranger& stranger = crowd.add();
  stranger.greet();
  for (const std::uint64_t sequence : {1U, 3U, 2U, 1U}) {
    wire::Record record = provider("replay", crowd.next_key, sequence);
    record.withdrawn = sequence == 3;
    if (record.withdrawn) {
      sign_record(service_key("replay"), record, sequence, SigningKey(seed_of(crowd.next_key)));
    }
    for (int i = 0; i < 100; ++i) stranger.ask(wire::Store{service_key("replay"), record});
    crowd.pass(std::chrono::seconds(5));
  }
}

// Names that a terminal or a log would obey, and answers to what nobody asked.
inline void odd_words(Crowd& crowd) {
  const std::string words =
      "\x1b[2J\xc2\x9b"
      "31m\r\n";
  Stranger& stranger = crowd.add();
  stranger.greet(std::nullopt,
                 {words, "life:" + std::string(1000, 'x'), "dial:-1", "relay:" + words});
  for (std::uint32_t i = 0; i < 300; ++i) {
    stranger.ask(call_of(words, i, std::chrono::seconds(1)));
    stranger.ask(wire::Cast{words, words});
    stranger.ask(wire::StoreRefused{hash_id("record " + std::to_string(i % 24)), "ended"});
    stranger.ask(wire::Reply{{}, wire::CallError{"busy", words}});
    stranger.ask(wire::Disconnect{words, words});
  }
  crowd.pass(kWhile);
}

// Identities that are refused, a line of the log each.
inline void forged_identities(Crowd& crowd) {
  for (std::uint64_t i = 0; i < 40; ++i) {
    Stranger& stranger = crowd.add();
    wire::Connect forged;
    forged.node_id = hash_id("forged " + std::to_string(i));
    stranger.ask(forged);
    crowd.pass(std::chrono::milliseconds(100));
  }
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
          {"routes without askers", attack::routes_without_askers},
          {"keys of large values", attack::keys_of_large_values},
          {"chosen ids", attack::chosen_ids},
          {"full lists", attack::full_lists},
          {"lies", attack::lies},
          {"replays", attack::replays},
          {"odd words", attack::odd_words},
          {"forged identities", attack::forged_identities}};
}

}  // namespace macula::dht::quic
