// The 32-bit name of a contact in a ContactBook: what a host calls a peer.
#pragma once

#include "transport/peer.h"

namespace macula::dht {

using ContactRef = transport::Peer;
inline constexpr ContactRef kNoContact = transport::kNoPeer;

}  // namespace macula::dht
