// CONNECT: what this end says of itself, and what is made of a peer's.
//
//   engine.write(connection, stream, encode(introduce(core, channel), book), true);
//   auto greeting = judge(connect, certificate_id, core);   // the error is for a person
//
// Beside the capability `client` three extensions travel as capabilities: `life:<hex>` names one
// run of the peer's host, so that a restart is noticed; `relay:<id>` says that the endpoint is that
// of the gateway with this id; `dial:<number>` numbers the connections that the peer has dialled,
// so that both ends know which of them is the later one. Unknown capabilities are ignored, here and
// by Macula 0.8.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "dht/quic/host/channel.h"
#include "dht/quic/host/core.h"

namespace macula::dht::quic::host {

struct Greeting {
  ContactRef contact = kNoContact;  // the peer's; none for clients and peers without an endpoint
  std::string life;                 // empty: it did not say
  std::uint64_t dial = 0;           // 0: it did not say
};

[[nodiscard]] wire::Connect introduce(const Core& core, const Channel& channel);

// `proven`: the id of the peer's certificate. Bound peers must claim no other.
[[nodiscard]] tl::expected<Greeting, std::string> judge(const wire::Connect& connect,
                                                        const NodeId& proven, Core& core);

}  // namespace macula::dht::quic::host
