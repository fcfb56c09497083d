// Tells the invariants of a run what happens in a network of messages `M`. It watches for nobody
// else: with nothing but invariants to be told, an event costs no more than they do.
//
//     std::optional<InvariantsWatch<M, C>> watch;
//     watch.emplace(codec, network, invariants);   // all outlive it; it is told from now on
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "sim/net/network.h"
#include "sim/net/observer.h"
#include "sim/run/invariants.h"
#include "transport/codec.h"

namespace macula::sim {

template <typename M, transport::Codec<M> C>
class InvariantsWatch final : public ObserverOf<M> {
 public:
  InvariantsWatch(C codec, NetworkOf<M>& network, Invariants& invariants)
      : codec_(std::move(codec)), invariants_(&invariants) {
    network.observe(*this, Wants::events | Wants::settled);
  }

  void on_event(const EventOf<M>& event) override {
    invariants_->on_event(
        event.kind, event.from, event.to,
        event.message != nullptr ? codec_.name(*event.message) : std::string_view());
  }
  void on_settled(Time /*now*/, std::uint64_t events) override { invariants_->on_settled(events); }

 private:
  C codec_;
  Invariants* invariants_;
};

}  // namespace macula::sim
