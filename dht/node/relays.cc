#include "dht/node/relays.h"

#include <algorithm>
#include <utility>

#include "dht/node/router.h"
#include "dht/wire/codec.h"

namespace macula::dht {

bool Relays::pass_on(const NodeId& asker, InboundId request, ContactRef behind,
                     std::unique_ptr<wire::Relay> relay) {
  const std::size_t bytes = wire::encoded_size(relay->payload, context_->book);
  const auto slot = passed_on_.add(asker, request, relay->source, bytes);
  if (!slot) return false;
  const Protocol& protocol = context_->protocol;
  const Duration patience = std::max(protocol.query_timeout, protocol.call_timeout);
  const Duration timeout = Router::timeout_of(relay->payload, patience);
  passed_on_.sent(*slot, context_->host.request(behind, std::move(relay), timeout,
                                                make_token(Concern::relay, *slot)));
  return true;
}

// The node behind this gateway may answer anything.
void Relays::on_reply(Token token, wire::Message& message) {
  const auto [request, source, asker, shares, sent] = passed_on_.take(token_slot(token));
  const auto* answer = std::get_if<std::unique_ptr<wire::Relay>>(&message);
  if (answer != nullptr && (*answer)->destination == source) {
    context_->reply(request, std::move(message));
  } else {
    context_->host.refuse(request);
  }
}

void Relays::on_failure(Token token) {
  context_->host.refuse(passed_on_.take(token_slot(token)).request);
}

}  // namespace macula::dht
