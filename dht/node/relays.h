// Requests that this node, as a gateway, has passed on to nodes behind it; their answers go back on
// the streams of the requests.
#pragma once

#include <memory>

#include "dht/node/context.h"
#include "dht/node/passed_on.h"
#include "dht/node/token.h"

namespace macula::dht {

class Relays {
 public:
  static constexpr std::size_t kLimit = 4096;  // at a time, shared by those who ask

  explicit Relays(Context& context) : context_(&context), passed_on_(context.host, kLimit) {}

  // False: `asker` has its share, and the request is not passed on.
  [[nodiscard]] bool pass_on(const NodeId& asker, InboundId request, ContactRef behind,
                             std::unique_ptr<wire::Relay> relay);
  void on_reply(Token token, wire::Message& message);
  void on_failure(Token token);
  void on_given_up(InboundId request) { passed_on_.give_up(request); }

  [[nodiscard]] std::size_t size() const { return passed_on_.size(); }

 private:
  Context* context_;
  PassedOn<NodeId> passed_on_;  // and whom the answer is to name
};

}  // namespace macula::dht
