// Messages that come by way of a gateway: to a node behind one, and through one.
#include <memory>
#include <utility>

#include "dht/node/node.h"

namespace macula::dht {

void Node::on_relay(const Sender& from, std::unique_ptr<wire::Relay> relay,
                    std::optional<InboundId> request) {
  if (relay->destination != context_.self_id()) {
    pass_on(from, std::move(relay), request);
    return;
  }
  const Sender sender = sender_of(from, *relay);
  if (!request) {
    take_message(sender, relay->payload);
    return;
  }
  context_.expect_relayed_reply(*request, relay->source);
  if (answer_request(sender, *request, relay->payload)) return;
  context_.forget_relayed_reply(*request);
  context_.host.refuse(*request);
}

// Anybody can write a relay. The sender in it is the word of this node's own gateway, which knows
// whose connection it came on, or else nobody's: then it counts as sent by the node that passed it
// on. The table hears only of nodes that are behind that very gateway, since nobody but it can say
// who they are; all others are heard of where they answer, or speak, themselves.
Sender Node::sender_of(const Sender& from, const wire::Relay& relay) {
  const ContactBook& book = context_.book;
  const Contact self = book.contact(context_.self);
  if (!self.relay || *self.relay != from.id(book)) return {kNoContact, from.proven_id(book)};
  const bool own_word = relay.sender != kNoContact && book.id(relay.sender) == relay.source;
  if (!own_word) return {kNoContact, &relay.source};
  if (book.contact(relay.sender).relay == self.relay) hear_from(relay.sender, HeardAs::spoke);
  return {relay.sender, &relay.source};
}

// In nobody's name but that of whose connection it came on, as which the others believe it.
void Node::pass_on(const Sender& from, std::unique_ptr<wire::Relay> relay,
                   std::optional<InboundId> request) {
  const auto behind = contact_behind_this_gateway(relay->destination);
  const bool in_own_name = relay->source == from.id(context_.book);
  relay->sender = from.contact;
  if (behind && in_own_name && !request) {
    context_.host.send(*behind, std::move(relay));
  } else if (!behind || !in_own_name ||
             !relays_.pass_on(from.id(context_.book), *request, *behind, std::move(relay))) {
    ++unhandled_;
    if (request) context_.host.refuse(*request);
  }
}

std::optional<ContactRef> Node::contact_behind_this_gateway(const NodeId& id) const {
  return context_.book.find({id, context_.book.endpoint(context_.self), context_.self_id()});
}

}  // namespace macula::dht
