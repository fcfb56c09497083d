// All connections of one host, in the order of their last use.
//
//   Channel& channel = channels.add(id, true, remote);
//   channels.used(channel);                              // a stream was opened on it
//   Channel* idle = channels.least_used_idle(&channel);  // that may go, to make room
#pragma once

#include "dht/quic/host/channel.h"
#include "dht/quic/host/core.h"

namespace macula::dht::quic::host {

class Channels {
 public:
  explicit Channels(Core& core) : core_(&core) {}

  Channel& add(ConnectionId id, bool dialled, const dht::Endpoint& remote);
  void remove(Channel& channel);

  [[nodiscard]] Channel* find(ConnectionId id);
  [[nodiscard]] Channel* find(Handle handle) { return channels_.find(handle); }

  void used(Channel& channel);
  // One of the least used that may go; nullptr: there is none besides `except`. Those that tie this
  // end to its gateway, or to a node behind it, count as used.
  [[nodiscard]] Channel* least_used_idle(const Channel* except);
  // Nothing is under way on it, and all was acknowledged.
  [[nodiscard]] bool quiet(const Channel& channel) const {
    return channel.connected && channel.idle() && core_->engine->quiet(channel.id);
  }

  // The least used first.
  [[nodiscard]] Channel* first() const { return by_use_.front(); }
  [[nodiscard]] Channel* next(const Channel& channel) const { return by_use_.next(channel); }
  [[nodiscard]] std::size_t size() const { return by_use_.size(); }

 private:
  Core* core_;
  HandlePool<Channel> channels_;
  FlatIndex by_id_;
  Chain<Channel, &Channel::by_use> by_use_;
};

}  // namespace macula::dht::quic::host
