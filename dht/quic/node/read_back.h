// Whether the network holds what a client has just stored.
//
//   read_back(client, {key, false, [&](const wire::Value& value) { look(value); }},
//             [&] { report(client); });
//
// STORE has no answer, and nodes tell a refusal to contacts alone, which a client is not: so it
// asks for the value. Once all that it sent has been delivered, finds that do not bring it mean
// that it was refused, and the client fails as `refused`.
#pragma once

#include <functional>

#include "dht/contact/node_id.h"
#include "dht/quic/node/client.h"

namespace macula::dht::quic {

struct Sought {
  Key key;
  bool is_signed = false;
  std::function<bool(const wire::Value&)> is_it;
};

// `held` is called once, or the client fails.
void read_back(Client& client, Sought sought, std::function<void()> held);

}  // namespace macula::dht::quic
