// The timers of the nodes of the virtual network.
#pragma once

#include "base/check.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

template <typename M, transport::Codec<M> C, typename B>
transport::TimerId VirtualNetwork<M, C, B>::set_timer(NodeNumber node, Duration delay,
                                                      transport::Token token) {
  MACULA_CHECK(delay >= Duration{0});
  const std::uint32_t slot = timers_.allocate({token, node, nodes_[node].life});
  origins_.set_timer(slot);
  push(now_ + delay, slot, Tag::timer, timers_.generation(slot));
  return transport::TimerId{timers_.handle(slot)};
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::cancel_timer(transport::TimerId timer) {
  const auto handle = static_cast<std::uint64_t>(timer);
  if (!timers_.is_stale(handle)) timers_.release(slot_of(handle));
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::fire(std::uint32_t slot) {
  const Timer timer = timers_[slot];
  timers_.release(slot);
  if (nodes_[timer.node].life != timer.life) return;
  log_.note(now_, EventKind::timer, timer.node, kNoNode, timer.token, origins_.fire(slot));
  nodes_[timer.node].guest->on_timer(timer.token);
}

}  // namespace macula::sim
