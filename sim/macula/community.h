// The nodes of a run of Macula and their network, and what is true of them: ids, contacts, records.
//
//   MaculaCommunity& nodes = macula(world);        // of any world of Macula's kit
//   nodes.node(number).lookup(target, done);
//
// A node has an id and a contact for the whole run, unless it comes back as another, and a
// dht::Node for each of its lives (sim/macula/member.h).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dht/node/node.h"
#include "sim/macula/directory.h"
#include "sim/macula/keyed.h"
#include "sim/macula/member.h"
#include "sim/macula/net/codec.h"
#include "sim/macula/net/network.h"
#include "sim/macula/record_oracle.h"
#include "sim/macula/watch.h"
#include "sim/run/act.h"
#include "sim/run/community.h"
#include "sim/run/invariants_watch.h"
#include "sim/run/world.h"

namespace macula::sim {

class MaculaCommunity final : public Community {
 public:
  MaculaCommunity(const Setup& setup, const NetworkFactory& make_network);

  // ----- Community -----
  [[nodiscard]] MaculaNetwork& network() override { return *network_; }
  void start(NodeNumber node, bool keep_state) override;
  // With a full contact book, and in a world where nodes keep their contacts, it keeps its id.
  void rename(NodeNumber node) override;
  [[nodiscard]] Time due(NodeNumber node) override {
    return network_->now() + protocol(node).deadline;
  }
  [[nodiscard]] std::vector<NodeNumber> select(const Selector& selector) override;
  [[nodiscard]] std::optional<std::vector<NodeNumber>> contacts(NodeNumber node) override;
  [[nodiscard]] std::string id_text(NodeNumber node) override;
  [[nodiscard]] ChoreTurn chore_turn(std::uint64_t content) const override {
    return {dht::chore_name(chore_of(content)), chore_bytes(content)};
  }
  [[nodiscard]] const KeyedView* keyed() const override { return &keys_; }
  void watch(World& world, const Watchers& watchers) override;

  // ----- for verbs, metrics and oracles -----
  [[nodiscard]] const Scenario& scenario() const { return *scenario_; }
  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] dht::ContactBook& book() { return book_; }
  [[nodiscard]] const Directory& directory() const { return *directory_; }
  [[nodiscard]] dht::ContactRef contact(NodeNumber node) const { return contacts_[node]; }
  // The parameters of [protocol], and of a node.
  [[nodiscard]] const dht::Protocol& protocol() const {
    return parameters_as<dht::Protocol>(scenario_->protocol);
  }
  [[nodiscard]] const dht::Protocol& protocol(NodeNumber node) const {
    return *members_[node]->protocol;
  }
  [[nodiscard]] bool up(NodeNumber node) const { return network_->up(node); }
  [[nodiscard]] bool is_client(NodeNumber node) const {
    return roster_->population(node).mode == Mode::client;
  }
  // The node of its present life or, when it is down, of its last. Not before its first.
  [[nodiscard]] dht::Node& node(NodeNumber node) { return *nodes_[node]; }
  [[nodiscard]] bool has_lived(NodeNumber node) const { return members_[node]->node != nullptr; }
  // The bytes that its chores have sent, in all its lives.
  [[nodiscard]] std::uint64_t maintenance_bytes(NodeNumber node) const {
    return members_[node]->maintenance_bytes;
  }
  // Makes the node serve a procedure, until it crashes with its state.
  void serve(NodeNumber node, const std::string& procedure);
  // The fate of the records stored.
  [[nodiscard]] RecordOracle& records() { return records_; }
  // nullptr: nobody watches.
  [[nodiscard]] MaculaWatch* watching() { return watch_.get(); }
  // The text from which the node's key and id follow.
  [[nodiscard]] std::string subject_of(NodeNumber node) const;

 private:
  void set_contacts();
  void set_bootstrap(dht::NodeConfig& config, NodeNumber via) const;
  [[nodiscard]] dht::NodeId id_of(NodeNumber node) const;
  [[nodiscard]] const dht::Protocol& protocol_for(NodeNumber node);
  // A new life. `first`: the table is filled as the scenario says.
  void begin_life(NodeNumber node, bool first);
  // In the order of the file, whose ends meet: half of k of them before it, and as many after it.
  void know_neighbours(NodeNumber node);

  const Scenario* scenario_;
  const Roster* roster_;
  std::uint64_t seed_;
  dht::ContactBook book_;
  std::unique_ptr<MaculaNetwork> network_;
  dht::RecordStore shared_records_;  // of all nodes, where `storage = "shared"`
  std::map<const dht::Protocol*, dht::Protocol> protocols_;  // changed for that, by those stated
  dht::Verifier verifier_;
  std::vector<std::unique_ptr<Member>> members_;
  // By number, of all members: invariants ask for them after every event.
  std::vector<dht::Node*> nodes_;
  std::vector<dht::ContactRef> contacts_;
  std::unique_ptr<Directory> directory_;
  RecordOracle records_;
  MaculaKeys keys_{*this};
  std::optional<InvariantsWatch<dht::wire::Message, MaculaCodec>> invariants_;
  std::unique_ptr<MaculaWatch> watch_;
};

// The nodes of a world of Macula's kit.
[[nodiscard]] inline MaculaCommunity& macula(World& world) {
  return community_as<MaculaCommunity>(world);
}
// The node that the operation is on.
[[nodiscard]] inline dht::Node& node_of(const Running& running) {
  return macula(running.world()).node(running.by());
}
// Notes the node's name for an operation that may be cancelled.
void begun(const Running& running, const dht::OperationId& id);

}  // namespace macula::sim
