// A request or one-way message of this end, until it has ended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "dht/quic/engine/engine.h"
#include "dht/quic/host/chain.h"
#include "dht/quic/host/handle_pool.h"
#include "dht/transport.h"
#include "dht/wire/frame_reader.h"

namespace macula::dht::quic::host {

struct Channel;
struct Peer;

// It waits at its peer for a connection, or is under way on a stream, or is neither: what was
// delivered on a connection that ended since is only waited for.
struct Outbound {
  Handle handle = kNoHandle;
  bool request = false;
  ContactRef to = kNoContact;
  wire::Message message;  // kept, to be sent again after a connection was lost
  std::size_t size = 0;   // bytes of its frame
  Token token = 0;
  Handle timer = kNoHandle;
  Failure failure = Failure::timeout;  // told when the timer is due

  Peer* peer = nullptr;            // at which it waits
  Channel* channel = nullptr;      // on which it is under way
  std::optional<StreamId> stream;  // nothing: the connection has none to give, and is about to end
  Time sent{};                     // there
  wire::FrameReader answer;
  std::size_t partial = 0;  // bytes of it, as counted

  Link<Outbound> link;
};

}  // namespace macula::dht::quic::host
