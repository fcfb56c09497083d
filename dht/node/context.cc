#include "dht/node/context.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace macula::dht {

RequestId Context::request(ContactRef to, wire::Message&& message, Duration timeout, Token token) {
  if (!goes_through_gateway(to)) return host.request(to, std::move(message), timeout, token);
  return host.request(gateway_of(to), wrap(book.id(to), std::move(message)), timeout, token);
}

std::uint64_t Context::now_ms() const {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(host.now().time_since_epoch()).count());
}

NodeId Context::random_id_in(int bucket) {
  if (bucket == NodeId::kBits) return self_id();
  NodeId id;
  for (auto& word : id.words) word = host.random(draws::kTarget);
  for (int i = 0; i <= bucket; ++i) {
    const bool wanted = i < bucket ? bit(self_id(), i) : !bit(self_id(), i);
    if (bit(id, i) != wanted) id = flip_bit(id, i);
  }
  return id;
}

void Context::send(ContactRef to, wire::Message&& message) {
  if (!goes_through_gateway(to)) {
    host.send(to, std::move(message));
  } else {
    host.send(gateway_of(to), wrap(book.id(to), std::move(message)));
  }
}

// The gateway itself holds a connection to the nodes behind it.
bool Context::goes_through_gateway(ContactRef to) const {
  return book.is_relayed(to) && *book.contact(to).relay != self_id();
}

ContactRef Context::gateway_of(ContactRef to) {
  const Contact contact = book.contact(to);
  const auto gateway = book.intern({*contact.relay, contact.endpoint, std::nullopt});
  // With a full book the host is asked for the node itself, and says it is unreachable.
  return gateway ? *gateway : to;
}

wire::Message Context::wrap(const NodeId& to, wire::Message&& message) const {
  return std::make_unique<wire::Relay>(
      wire::Relay{to, self_id(), client ? kNoContact : self, std::move(message)});
}

void Context::expect_relayed_reply(InboundId request, const NodeId& source) {
  relayed_requests_.push_back({request, source});
}

std::vector<Context::RelayedRequest>::iterator Context::relayed(InboundId request) {
  return std::find_if(relayed_requests_.begin(), relayed_requests_.end(),
                      [&](const RelayedRequest& pending) { return pending.request == request; });
}

void Context::forget_relayed_reply(InboundId request) {
  const auto forgotten = relayed(request);
  if (forgotten != relayed_requests_.end()) relayed_requests_.erase(forgotten);
}

void Context::reply(InboundId request, wire::Message&& message) {
  const auto through_gateway = relayed(request);
  if (through_gateway == relayed_requests_.end()) {
    host.reply(request, std::move(message));
    return;
  }
  const NodeId source = through_gateway->source;
  relayed_requests_.erase(through_gateway);
  host.reply(request, wrap(source, std::move(message)));
}

}  // namespace macula::dht
