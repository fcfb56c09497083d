#include "sim/macula/watch.h"

#include <memory>
#include <variant>

#include "sim/macula/community.h"
#include "sim/run/node_counts.h"

namespace macula::sim {
namespace {

std::string_view name_of(const dht::wire::Message& message) {
  return type_name(type_of(message));
}

}  // namespace

MaculaWatch::MaculaWatch(World& world, MaculaCommunity& community, const Watchers& watchers)
    : world_(&world),
      community_(&community),
      watchers_(watchers),
      records_(watchers.recorder.watches_messages() || world.scenario().reach == Reach::relay) {
  const Wants wants = watchers_.wants(records_);
  if (wants != Wants{}) community.network().observe(*this, wants);
}

void MaculaWatch::on_event(const NetworkEvent& event) {
  if (watchers_.counts != nullptr) watchers_.counts->on_event(event.kind, event.from, event.to);
  if (watchers_.trace != nullptr) {
    watchers_.trace->on_event(event, MaculaCodec(community_->book()));
  }
  if (event.message == nullptr || !records_) return;
  NodeNumber from = event.from;
  const dht::wire::Message* message = event.message;
  bool passed_on = false;
  const auto* relay = std::get_if<std::unique_ptr<dht::wire::Relay>>(message);
  if (relay != nullptr &&
      (*relay)->destination == community_->book().id(community_->contact(event.to))) {
    const dht::ContactRef sender = (*relay)->sender;
    if (sender != dht::kNoContact) from = community_->network().node_of(sender);
    message = &(*relay)->payload;
    passed_on = event.kind != EventKind::reply;
  }
  MessageSight sight{{*world_, event.time}, *message, passed_on};
  sight.from = from;
  sight.to = event.to;
  sight.message = name_of(*message);
  watchers_.recorder.see(Watch::handed, sight);
}

void MaculaWatch::on_sent(Time time, NodeNumber from, NodeNumber to,
                          const dht::wire::Message& message, const Origin& origin) {
  if (watchers_.trace != nullptr) {
    watchers_.trace->on_sent(time, from, to, message, origin, MaculaCodec(community_->book()));
  }
  if (!records_) return;
  MessageSight sight{{*world_, time}, message};
  sight.node = to;
  sight.from = from;
  sight.to = to;
  sight.message = name_of(message);
  watchers_.recorder.see(Watch::sent, sight);
  const dht::wire::RpcRoute* route = sent_route(*community_, from, message);
  const dht::wire::Call* call = route != nullptr ? call_in(*route) : nullptr;
  if (call != nullptr) ++forwards_[call->call_id];
}

void MaculaWatch::on_passage(const PassageOf& passage, const dht::wire::Message* message) {
  watchers_.trace->on_passage(passage, message, MaculaCodec(community_->book()));
}

void MaculaWatch::served(NodeNumber node) {
  Sight sight{*world_, world_->network().now()};
  sight.node = node;
  watchers_.recorder.see(Watch::served, sight);
}

void MaculaWatch::chore(std::size_t bytes) {
  Sight sight{*world_, world_->network().now()};
  sight.bytes = bytes;
  watchers_.recorder.see(Watch::chore, sight);
}

void MaculaWatch::aged(const std::string& label, Time stored, Duration age, bool lost) {
  Sight sight{*world_, stored};
  sight.label = &label;
  sight.age = age;
  sight.lost = lost;
  watchers_.recorder.see(Watch::aged, sight);
}

std::uint32_t MaculaWatch::take_forwards(const dht::wire::CallId& call) {
  const auto counted = forwards_.find(call);
  if (counted == forwards_.end()) return 0;
  const std::uint32_t forwards = counted->second;
  forwards_.erase(counted);
  return forwards;
}

const dht::wire::RpcRoute* sent_route(MaculaCommunity& community, NodeNumber from,
                                      const dht::wire::Message& message) {
  const dht::wire::Message* sent = &message;
  if (const auto* relay = std::get_if<std::unique_ptr<dht::wire::Relay>>(&message)) {
    if ((*relay)->source != community.book().id(community.contact(from))) return nullptr;
    sent = &(*relay)->payload;
  }
  return std::get_if<dht::wire::RpcRoute>(sent);
}

const dht::wire::Call* call_in(const dht::wire::RpcRoute& route) {
  return std::get_if<dht::wire::Call>(route.payload.get());
}

}  // namespace macula::sim
