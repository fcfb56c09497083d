#include "transport/peer_book.h"

#include "base/check.h"

namespace macula::transport {

std::optional<Peer> PeerBook::intern(const Contact& contact) {
  MACULA_CHECK(contacts_.size() < static_cast<std::size_t>(kNoPeer));
  const Peer next{static_cast<std::uint32_t>(contacts_.size())};
  const auto [known, added] =
      names_.try_emplace(Content{contact.id, contact.endpoint, contact.relay}, next);
  if (added) contacts_.push_back(contact);
  return known->second;
}

std::optional<Peer> PeerBook::find(const Contact& contact) const {
  const auto known = names_.find(Content{contact.id, contact.endpoint, contact.relay});
  return known != names_.end() ? std::optional(known->second) : std::nullopt;
}

}  // namespace macula::transport
