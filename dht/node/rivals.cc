#include "dht/node/rivals.h"

#include <utility>

namespace macula::dht {

bool Rivals::ask(ContactRef sender, Rival rival) {
  if (size() >= kMost) return false;
  const Key key = rival.key;
  const std::size_t slot = asked_.make().add(std::move(rival));
  context_->request(sender, wire::FindValue{key}, context_->protocol.query_timeout,
                    make_token(Concern::rival, slot, sender));
  return true;
}

Rivals::Rival Rivals::take(Token token) {
  return asked_.get()->take(token_slot(token));
}

std::size_t Rivals::size() const {
  return asked_.get() != nullptr ? asked_.get()->size() : 0;
}

}  // namespace macula::dht
