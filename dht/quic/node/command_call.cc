// `macula-node discover`, `call` and `advertise`: procedures by name.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "dht/quic/node/client.h"
#include "dht/quic/node/client_usages.h"
#include "dht/quic/node/commands.h"
#include "dht/quic/node/log.h"
#include "dht/quic/node/read_back.h"
#include "dht/record/provider.h"

namespace macula::dht::quic {
namespace {

void discover(Client& client) {
  const FindOptions options = client.find_options();
  const Key key = service_key(client.word(0));
  client.node().find_value(key, options, [&client](FindResult& found) {
    Client::Json providers = Client::Json::array();
    std::string text;
    for (const auto& value : found.values) {
      const auto provider = provider_contact(*value);
      if (!provider) continue;
      const std::string id = id_to_hex(provider->id);
      const std::string endpoint = format_endpoint(provider->endpoint);
      providers.push_back({{"node_id", id}, {"endpoint", endpoint}});
      text += fmt::format("{}{} {}", text.empty() ? "" : "\n", id, endpoint);
    }
    if (providers.empty()) {
      client.fail(why_none(found), "nobody provides " + client.word(0));
      return;
    }
    client.done({{"procedure", client.word(0)}, {"providers", providers}}, text);
  });
}

void call(Client& client) {
  CallRequest request;
  request.procedure = client.word(0);
  request.args = client.word(1);
  request.timeout = client.left();
  client.node().call(std::move(request), [&client](CallResult& result) {
    if (const auto* error = std::get_if<wire::CallError>(&result.outcome)) {
      client.fail(error->code, error->message);
      return;
    }
    const auto& bytes = std::get<wire::Bytes>(result.outcome);
    // A value that is no JSON is shown as the text that it is.
    Client::Json value = Client::Json::parse(bytes, nullptr, false);
    if (value.is_discarded()) value = bytes;
    client.done({{"result", value}, {"elapsed_ms", milliseconds(result.elapsed)}}, bytes);
  });
}

void advertised(Client& client) {
  client.stay();
  const std::string endpoint = format_endpoint(client.live().self().endpoint);
  client.print({{"procedure", client.word(0)},
                {"endpoint", endpoint},
                {"node_id", id_to_hex(client.live().self().id)}},
               fmt::format("advertised {} at {}", client.word(0), endpoint));
  flush_and_stay();
}

void advertise(Client& client) {
  client.node().advertise(client.word(0), [&client](StoreResult& result) {
    if (result.replicas.empty()) {
      client.fail("unreachable", "no node answered");
      return;
    }
    const auto is_own = [self = client.live().self().id](const wire::Value& value) {
      const auto provider = provider_contact(value);
      return provider && provider->id == self;
    };
    read_back(client, {service_key(client.word(0)), true, is_own},
              [&client] { advertised(client); });
  });
}

}  // namespace

int run_discover(const std::vector<std::string>& arguments) {
  return run_client(client_usage("discover"), arguments, discover);
}

int run_call(const std::vector<std::string>& arguments) {
  const auto parsed = parse_client_arguments(client_usage("call"), arguments);
  if (parsed && !parsed->help && !nlohmann::json::accept(parsed->words[1])) {
    log(fmt::format("call: '{}' is no JSON", parsed->words[1]));
    return kBadInput;
  }
  return run_client(client_usage("call"), arguments, call);
}

int run_advertise(const std::vector<std::string>& arguments) {
  return run_client(client_usage("advertise"), arguments, advertise);
}

}  // namespace macula::dht::quic
