// Shows what happens in a run of Macula to those that record and trace it.
//
// A message that a gateway carries counts for its ends; the leg to the gateway is a `relay`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "dht/wire/message.h"
#include "sim/macula/net/network.h"
#include "sim/run/community.h"
#include "sim/run/recorder.h"
#include "sim/run/sight.h"
#include "sim/run/trace.h"
#include "sim/run/world.h"

namespace macula::sim {

class MaculaCommunity;

// The view of a message, handed or sent, for Macula's metrics.
struct MessageSight : Sight {
  const dht::wire::Message& content;
  bool passed_on = false;  // of handed: by a gateway, and is no answer
};

// The sight of a metric that watches messages.
[[nodiscard]] inline const MessageSight& message_of(const Sight& sight) {
  return static_cast<const MessageSight&>(sight);
}

class MaculaWatch final : public NetworkObserver {
 public:
  // Begins to watch the community's network, where there is need: one that nobody watches is
  // faster.
  MaculaWatch(World& world, MaculaCommunity& community, const Watchers& watchers);

  void on_event(const NetworkEvent& event) override;
  void on_sent(Time time, NodeNumber from, NodeNumber to, const dht::wire::Message& message,
               const Origin& origin) override;
  void on_passage(const PassageOf& passage, const dht::wire::Message* message) override;

  // A call has reached a handler on the node.
  void served(NodeNumber node);
  // A chore has sent something.
  void chore(std::size_t bytes);
  // A record stored then has this age.
  void aged(const std::string& label, Time stored, Duration age, bool lost);

  // How many RPC_ROUTE frames have carried the call; it is forgotten.
  [[nodiscard]] std::uint32_t take_forwards(const dht::wire::CallId& call);

 private:
  World* world_;
  MaculaCommunity* community_;
  Watchers watchers_;
  bool records_;  // whether the recorder, or a count of forwards, needs messages
  std::map<dht::wire::CallId, std::uint32_t> forwards_;  // of calls under way
};

// The RPC_ROUTE that a node sends by itself, rather than passes on for a node behind it; null: it
// is none.
[[nodiscard]] const dht::wire::RpcRoute* sent_route(MaculaCommunity& community, NodeNumber from,
                                                    const dht::wire::Message& message);
// The call in it; null: it carries another message.
[[nodiscard]] const dht::wire::Call* call_in(const dht::wire::RpcRoute& route);

}  // namespace macula::sim
