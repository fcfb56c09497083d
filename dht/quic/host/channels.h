// All connections of one host, in the order of their last use.
//
//   Channel& channel = channels.add(id, true, remote);
//   channels.used(channel);                              // a stream was opened on it
//   Channel* idle = channels.least_useful(&channel);     // that may go, to make room
#pragma once

#include <functional>

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
  // One of the least used that may go: one that is idle, and best one that others have made and
  // that was no use to this end yet; else, where one was `added`, a busy one of that kind. nullptr:
  // there is none besides `added`. Those that tie this end to its gateway, or to a node behind it,
  // count as used; they go last, with those that were of use and are busy, and before them those
  // that have just come up: all of these only where there are far too many.
  [[nodiscard]] Channel* least_useful(const Channel* added);
  // The one to go among those that others have made and for which `same` holds, where there are
  // more than `most`, `added` included: the least used, best an idle one, and last one that was of
  // use or ties a node to this end. nullptr: there are no more than that.
  [[nodiscard]] Channel* crowded(const Channel& added,
                                 const std::function<bool(const Channel&)>& same, std::size_t most);
  // Nothing is under way on it, and all was acknowledged.
  [[nodiscard]] bool quiet(const Channel& channel) const {
    return channel.connected && channel.idle() && core_->engine->quiet(channel.id);
  }

  // The least used first.
  [[nodiscard]] Channel* first() const { return by_use_.front(); }
  [[nodiscard]] Channel* next(const Channel& channel) const { return by_use_.next(channel); }
  [[nodiscard]] std::size_t size() const { return by_use_.size(); }
  // Each has its one place in every list.
  void check_invariants() const;

 private:
  [[nodiscard]] bool tied(const Channel& channel) const;

  Core* core_;
  HandlePool<Channel> channels_;
  FlatIndex by_id_;
  Chain<Channel, &Channel::by_use> by_use_;
};

}  // namespace macula::dht::quic::host
