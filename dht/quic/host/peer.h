// A contact that this host has to do with: its connections, and what waits for one.
#pragma once

#include <cstddef>
#include <vector>

#include "dht/quic/host/chain.h"
#include "dht/quic/host/channel.h"
#include "dht/quic/host/outbound.h"

namespace macula::dht::quic::host {

struct Peer {
  Handle handle = kNoHandle;
  ContactRef contact = kNoContact;
  bool tied = false;  // one end is behind the other: their connection is kept
  std::vector<Channel*> channels;
  Channel* way = nullptr;  // of these: where new streams are opened
  Chain<Outbound, &Outbound::link> waiting;
  std::size_t waiting_bytes = 0;
  std::vector<Handle> meetings;  // of those who want to know who it is

  unsigned failures = 0;     // dials that led to nothing, one after another
  bool pausing = false;      // until its timer is due it is not dialled
  Handle timer = kNoHandle;  // end of the pause; later, of the memory of failures

  [[nodiscard]] bool wanted() const { return !waiting.empty() || !meetings.empty(); }
};

}  // namespace macula::dht::quic::host
