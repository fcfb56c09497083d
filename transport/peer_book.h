// The peers of a protocol that has no book of its own: what each short name stands for.
//
//   PeerBook book;
//   Peer peer = *book.intern({identity, make_ipv4(0x0b000001, 9443), std::nullopt});
//   book.id(peer); book.endpoint(peer);
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "transport/peer.h"

namespace macula::transport {

class PeerBook {
 public:
  // The name of `contact`, new or known. Always one: so many contacts do not fit into memory.
  std::optional<Peer> intern(const Contact& contact);
  // Its name if it is known.
  [[nodiscard]] std::optional<Peer> find(const Contact& contact) const;

  [[nodiscard]] const Contact& contact(Peer peer) const {
    return contacts_[static_cast<std::size_t>(peer)];
  }
  [[nodiscard]] const Identity& id(Peer peer) const { return contact(peer).id; }
  [[nodiscard]] const Endpoint& endpoint(Peer peer) const { return contact(peer).endpoint; }
  // Whether it is reached through a gateway only.
  [[nodiscard]] bool is_relayed(Peer peer) const { return contact(peer).relay.has_value(); }
  [[nodiscard]] std::size_t size() const { return contacts_.size(); }

 private:
  using Content = std::tuple<Identity, Endpoint, std::optional<Identity>>;

  std::vector<Contact> contacts_;  // by name
  std::map<Content, Peer> names_;
};

}  // namespace macula::transport
