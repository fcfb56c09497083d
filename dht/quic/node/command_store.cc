// `macula-node store` and `macula-node find`: values by key.

#include <fmt/format.h>

#include <algorithm>

#include "dht/json/wire_json.h"
#include "dht/quic/node/client.h"
#include "dht/quic/node/client_usages.h"
#include "dht/quic/node/commands.h"
#include "dht/quic/node/read_back.h"

namespace macula::dht::quic {
namespace {

constexpr std::size_t kValueBytesMax = std::size_t{256} << 10;

Key key_of(const std::string& word) {
  if (word.rfind("0x", 0) == 0) {
    if (const auto id = id_from_hex(std::string_view(word).substr(2))) return *id;
  }
  return normalize(word);
}

std::string text_of(const wire::Value& value) {
  const wire::Bytes* bytes = value.as_bytes();
  const bool printable = bytes != nullptr && std::all_of(bytes->begin(), bytes->end(), [](char c) {
                           return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
                         });
  return printable ? *bytes : wire::to_json(value);
}

struct Stored {
  Key key;
  std::vector<ContactRef> replicas;
};

void report(Client& client, const Stored& stored) {
  Client::Json ids = Client::Json::array();
  for (const ContactRef replica : stored.replicas)
    ids.push_back(id_to_hex(client.contact(replica).id));
  client.done({{"key", id_to_hex(stored.key)}, {"replicas", ids}},
              fmt::format("stored {} at {} {}", id_to_hex(stored.key), stored.replicas.size(),
                          stored.replicas.size() == 1 ? "node" : "nodes"));
}

void store(Client& client) {
  const Key key = key_of(client.word(0));
  auto value = std::make_shared<const wire::Value>(wire::Value{client.word(1)});
  client.node().store(key, value, [&client, key, value](StoreResult& result) {
    if (result.replicas.empty()) {
      client.fail("unreachable", "no node answered");
      return;
    }
    const auto is_it = [value](const wire::Value& found) { return found == *value; };
    const Stored stored{key, result.replicas};
    read_back(client, {key, false, is_it}, [&client, stored] { report(client, stored); });
  });
}

void find(Client& client) {
  const Key key = key_of(client.word(0));
  client.node().find_value(key, client.find_options(), [&client, key](FindResult& found) {
    if (found.values.empty()) {
      client.fail(why_none(found), "nothing under " + id_to_hex(key));
      return;
    }
    Client::Json values = Client::Json::array();
    std::string text;
    for (const auto& value : found.values) {
      values.push_back(Client::Json::parse(wire::to_json(*value)));
      text += (text.empty() ? "" : "\n") + text_of(*value);
    }
    client.done({{"key", id_to_hex(key)},
                 {"values", values},
                 {"elapsed_ms", milliseconds(found.search.elapsed)}},
                text);
  });
}

}  // namespace

int run_store(const std::vector<std::string>& arguments) {
  return run_client(client_usage("store"), arguments, [](Client& client) {
    if (client.word(1).size() > kValueBytesMax) {
      client.fail("refused", fmt::format("a value has at most {} bytes", kValueBytesMax));
      return;
    }
    store(client);
  });
}

int run_find(const std::vector<std::string>& arguments) {
  return run_client(client_usage("find"), arguments, find);
}

}  // namespace macula::dht::quic
