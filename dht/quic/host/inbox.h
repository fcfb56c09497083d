// The streams that peers have opened: frames put together, judged, handed to the guest, answered.
//
// A stream may carry several frames; each is handed over in its turn, and the stream is ended when
// the peer has ended its direction and all its requests are answered. A message that comes before
// the peer has greeted waits, and is not credited: flow control bounds it.
#pragma once

#include <string>
#include <string_view>

#include "dht/quic/host/channel.h"
#include "dht/quic/host/core.h"
#include "dht/quic/host/inbound.h"

namespace macula::dht::quic::host {

class Peers;
class Unfinished;

class Inbox {
 public:
  Inbox(Core& core, Peers& peers, Unfinished& unfinished)
      : core_(&core), peers_(&peers), unfinished_(&unfinished) {}

  void on_data(Channel& channel, StreamId stream, std::string_view bytes, bool fin);
  void on_stream_closed(Channel& channel, StreamId stream);
  // The connection is up: what came before may be read.
  void on_connected(Channel& channel) { read_waiting(channel.id); }
  // The connection has ended.
  void leave(Channel& channel);
  void reply(InboundId request, wire::Message&& message);
  void refuse(InboundId request);
  // Nothing more is read from the stream, and nothing on it is answered.
  void break_off(Inbound& inbound);

  [[nodiscard]] std::size_t unanswered() const { return asked_.size(); }

 private:
  Inbound& open(Channel& channel, StreamId stream);
  void read(Handle handle);
  // False: the stream, or its connection, is no more.
  bool take(Handle handle, const wire::Frame& frame);
  void hand_over(Handle handle, wire::Message& message);
  bool greet(Handle handle, const wire::Connect& connect);
  void read_waiting(ConnectionId id);
  // The peer's first stream is over: if it has not greeted by now, it never will.
  void end_greeting(ConnectionId id);
  void credit(Inbound& inbound);
  // For one more request.
  [[nodiscard]] bool has_room(const Inbound& inbound) const;
  [[nodiscard]] bool answer_in_vain(const Inbound& inbound, const wire::Message& message) const;
  // Counts what is buffered. False: the stream is no more.
  bool hold(Handle handle, bool begins);
  void forget(Asked& asked);
  void finish(Inbound& inbound);
  // Breaks the stream off.
  void refuse(Inbound& inbound);
  void drop(Inbound& inbound);

  Core* core_;
  Peers* peers_;
  Unfinished* unfinished_;
  HandlePool<Inbound> inbounds_;
  HandlePool<Asked> asked_;
};

}  // namespace macula::dht::quic::host
