// Frames that are not whole yet: how much of them is held, for whom, and for how long.
//
//   unfinished.hold(inbound, reader.buffered(), a_frame_was_whole);
//   if (!unfinished.within_share(channel)) ...     // one peer's own limit
//   unfinished.make_room();                        // all peers': whoever holds most gives way
//
// A peer's first 256 KiB are never given up for what others hold: so whoever comes anew has room.
// What is not whole in `frame_patience` is given up, however slowly it grows.
#pragma once

#include "dht/quic/host/channels.h"
#include "dht/quic/host/core.h"

namespace macula::dht::quic::host {

class Inbox;
class Outbox;

class Unfinished {
 public:
  Unfinished(Core& core, Channels& channels) : core_(&core), channels_(&channels) {}
  void use(Inbox& inbox, Outbox& outbox) {
    inbox_ = &inbox;
    outbox_ = &outbox;
  }

  // So many bytes wait on the stream. `begins`: they are not those of the frame that waited before.
  void hold(Inbound& inbound, std::size_t bytes, bool begins);
  void hold(Outbound& outbound, std::size_t bytes);

  [[nodiscard]] bool within_share(const Channel& channel) const {
    // A peer of this kind has no more than max_queued_per_peer under way.
    return channel.partial <= 2 * core_->config.max_queued_per_peer;
  }
  // May break streams off: the caller's, too.
  void make_room();
  // The patience for some frame is over.
  void on_due();

 private:
  void count(Channel& channel, std::size_t& held, std::size_t bytes);
  [[nodiscard]] Channel* greediest() const;
  // Breaks off the stream of which most is held.
  void relieve(Channel& channel);

  Core* core_;
  Channels* channels_;
  Inbox* inbox_ = nullptr;
  Outbox* outbox_ = nullptr;
  Chain<Inbound, &Inbound::by_begin> inbounds_;  // the oldest frame first
  Handle timer_ = kNoHandle;
};

}  // namespace macula::dht::quic::host
