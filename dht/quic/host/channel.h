// One connection of this host: whose it is, and what is under way on it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dht/quic/engine/engine.h"
#include "dht/quic/host/chain.h"
#include "dht/quic/host/flat_index.h"
#include "dht/quic/host/inbound.h"
#include "dht/quic/host/outbound.h"

namespace macula::dht::quic::host {

struct Peer;

struct Channel {
  Handle handle = kNoHandle;
  ConnectionId id{};
  bool dialled = false;    // by this end
  bool connected = false;  // both identities are proven
  bool greeted = false;    // the peer has said who it is, or that it does not say
  bool heard = false;      // a frame has come
  bool draining = false;   // takes no new streams, and ends with the last one
  bool useful = false;     // this end has dialled it, or was answered on it
  bool doubted = false;  // a request has timed out undelivered, and nothing came since it was sent
  std::uint64_t dial =
      0;  // of the dials of the end that has dialled: a later one has a larger number
  Time since{};
  Time last_used{};   // a stream was opened on it
  Time last_heard{};  // bytes of a stream; the beginning of time: none yet
  NodeId proven;      // the id of the peer's key, once connected
  dht::Endpoint remote;
  ContactRef contact = kNoContact;  // the sender of what comes here, once greeted
  std::string life;
  std::vector<Peer*> peers;  // which it serves; where dialled, first the one it was dialled for

  FlatIndex streams;  // handles of outbound messages and inbound streams, by stream
  Chain<Outbound, &Outbound::link> outbound;
  Chain<Inbound, &Inbound::link> inbound;
  std::size_t unanswered = 0;   // requests of the peer
  std::vector<Handle> waiting;  // inbound streams, until it has greeted
  std::size_t partial = 0;      // bytes of frames not yet whole, answers included

  Link<Channel> by_use;

  // Whether this end opened the stream.
  [[nodiscard]] bool own(StreamId stream) const { return ((stream & 1) == 0) == dialled; }
  // The first stream of the peer: where CONNECT stands, if it comes.
  [[nodiscard]] StreamId first_of_peer() const { return dialled ? 1 : 0; }
  void hear(Time now) {
    last_heard = now;
    doubted = false;
  }
  [[nodiscard]] bool idle() const { return outbound.empty() && inbound.empty(); }
};

}  // namespace macula::dht::quic::host
