// A stream that a peer has opened, and the requests on it that wait for this end's answer.
#pragma once

#include <cstddef>

#include "dht/quic/engine/engine.h"
#include "dht/quic/host/chain.h"
#include "dht/quic/host/handle_pool.h"
#include "dht/wire/frame_reader.h"

namespace macula::dht::quic::host {

struct Channel;

// A request that was handed to the guest and not yet answered.
struct Asked {
  Handle handle = kNoHandle;
  Handle inbound = kNoHandle;
  Link<Asked> link;
};

struct Inbound {
  Handle handle = kNoHandle;
  Channel* channel = nullptr;
  StreamId stream = 0;
  wire::FrameReader reader;
  std::size_t held = 0;     // bytes not yet credited
  std::size_t partial = 0;  // bytes of a frame not yet whole, as counted
  Time begun{};             // when that frame began to come
  bool waits = false;       // for the peer to greet
  bool fin = false;         // the peer has ended its direction
  bool read = false;        // and every frame before that was handed over
  bool ended = false;       // this end has ended its direction
  Chain<Asked, &Asked::link> asked;
  Link<Inbound> link;
  Link<Inbound> by_begin;  // among those with a frame not yet whole
};

}  // namespace macula::dht::quic::host
