// The world of one run: the network, its nodes, and what is true of them.
//
//   World world(scenario, seed, virtual_world());
//   world.network().run_until(end);
//
// A node has a number, a name and an id for the whole run, and a dht::Node for each of its lives.
// The last life's node is kept after a crash: a restart may take over its table and records.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check_context.h"
#include "dht/node/node.h"
#include "sim/engine/random.h"
#include "sim/macula/net/network.h"
#include "sim/run/directory.h"
#include "sim/run/pool.h"
#include "sim/run/world_kind.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

class World {
 public:
  // Told of calls served, of nodes that crash with operations under way, of records that their
  // publishers have published anew, and of what chores send.
  struct Events {
    std::function<void(NodeNumber)> served;
    std::function<void(NodeNumber)> crashed;
    std::function<void(NodeNumber, const dht::Key&, const dht::wire::SharedValue&)> republished;
    std::function<void(std::size_t bytes)> chore;
  };

  World(const Scenario& scenario, std::uint64_t seed, const WorldKind& kind = virtual_world());
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void listen(Events events) { events_ = std::move(events); }

  [[nodiscard]] MaculaNetwork& network() { return *network_; }
  [[nodiscard]] dht::ContactBook& book() { return book_; }
  [[nodiscard]] const Scenario& scenario() const { return *scenario_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  // How exact its times are.
  [[nodiscard]] Duration tolerance() const { return tolerance_; }
  [[nodiscard]] const Directory& directory() const { return *directory_; }

  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] const std::string& name(NodeNumber node) const { return members_[node]->name; }
  [[nodiscard]] std::uint64_t name_hash(NodeNumber node) const { return members_[node]->name_hash; }
  [[nodiscard]] dht::ContactRef contact(NodeNumber node) const { return members_[node]->contact; }
  [[nodiscard]] bool up(NodeNumber node) const { return network_->up(node); }
  // Of its present or, when down, last life. Not before its first.
  [[nodiscard]] dht::Node& node(NodeNumber node) { return *members_[node]->node; }
  [[nodiscard]] bool has_lived(NodeNumber node) const { return members_[node]->node != nullptr; }
  // What its chores have sent, in all its lives.
  [[nodiscard]] std::uint64_t maintenance_bytes(NodeNumber node) const {
    return members_[node]->maintenance_bytes;
  }
  [[nodiscard]] const dht::Protocol& protocol(NodeNumber node) const {
    return *members_[node]->protocol;
  }

  // The nodes a selector stands for now. What any and sample draw depends on `key`, that is on what
  // draws and how often it has, and on the names of the nodes: no node changes what is drawn of the
  // others.
  [[nodiscard]] std::vector<NodeNumber> select(const Selector& selector, std::uint64_t key);

  // Makes the node serve a procedure, until it crashes with its state.
  void serve(NodeNumber node, const std::string& procedure);

  void crash(NodeNumber node);
  // A node that is up is crashed first.
  void restart(NodeNumber node, bool keep_state);

  // Comes back as a node that was never seen: new id, empty table and store. With a full contact
  // book, and in a world where nodes keep their contacts, it keeps its id.
  void restart_as_another(NodeNumber node);

  // When its first life begins, unless it is held back: then when it is restarted.
  [[nodiscard]] Time starts_at(NodeNumber node) const;
  void hold_back(NodeNumber node) { members_[node]->held_back = true; }

  // "in heal (heal.toml), seed 3, at t = 1.5s, event 100, node eu#3", and how to replay it.
  [[nodiscard]] std::string where() const;

 private:
  // One node of the run, with the application it runs.
  struct Member final : dht::Application, dht::Signer {
    World* world = nullptr;
    NodeNumber number = kNoNode;
    std::string name;
    std::uint64_t name_hash = 0;  // uniform bits
    std::uint32_t address = 0;    // which of the addresses that are given by position
    dht::ContactRef contact{};
    const Population* population = nullptr;
    const dht::Protocol* protocol = nullptr;
    bool held_back = false;
    std::uint32_t identity = 0;  // how many it had before
    std::vector<std::string> procedures;
    std::unique_ptr<dht::Node> node;
    std::uint64_t maintenance_bytes = 0;

    void on_call(dht::CallHandle call, const std::string& procedure,
                 const dht::wire::Bytes& args) override;
    void on_cast(const std::string& procedure, const dht::wire::Bytes& args) override;
    void on_chore(dht::Chore chore, std::size_t bytes) override;
    void on_republished(const dht::Key& key, const dht::wire::SharedValue& value) override;
    // Its key is made anew each time: it follows from its name.
    [[nodiscard]] dht::SigningKey signing_key() const;
    [[nodiscard]] dht::wire::PublicKey public_key() const override;
    [[nodiscard]] dht::wire::Signature sign(std::string_view message) const override;
  };

  void add_members();
  void add_member(const Population& population, const std::string& name, std::uint32_t address);
  void set_contacts();
  // Where it listens.
  [[nodiscard]] static dht::Endpoint endpoint_of(const Member& member);
  void set_bootstrap(dht::NodeConfig& config, NodeNumber via) const;
  [[nodiscard]] std::string subject_of(const Member& member) const;
  [[nodiscard]] dht::NodeId id_of(const Member& member) const;
  [[nodiscard]] const dht::Protocol* protocol_of(const Population& population);
  [[nodiscard]] const dht::Protocol* stated_protocol_of(const Population& population) const;
  [[nodiscard]] NodeNumber find(std::string_view name) const;
  // Which of the populations has the name.
  [[nodiscard]] std::size_t population_of(std::string_view name) const;
  // The node of a group that bears the number.
  [[nodiscard]] NodeNumber numbered(std::string_view group, std::uint32_t number) const;
  [[nodiscard]] static std::uint64_t part_of(std::uint64_t key, std::string_view part,
                                             std::uint64_t which = 0);
  // One live node of those selected; kNoNode where there is none.
  [[nodiscard]] NodeNumber any_live(const Selector& selector, std::uint64_t key);
  [[nodiscard]] Pool pool_of(const std::vector<NodeNumber>& nodes) const;
  // The numbers of `all` or of a population, which lie together: first and one past the last.
  [[nodiscard]] std::pair<NodeNumber, NodeNumber> range(const Selector& selector) const;
  void schedule_starts();
  // A new life. `first`: the table is filled as the scenario says.
  void start(NodeNumber node, bool first);

  const Scenario* scenario_;
  std::uint64_t seed_;
  std::string kind_;
  bool standing_ = false;                 // between its making and its end
  const CheckContext context_{[this] { return where(); }};
  Duration tolerance_;
  dht::ContactBook book_;
  std::unique_ptr<MaculaNetwork> network_;
  dht::RecordStore shared_records_;  // of all nodes, where `storage = "shared"`
  std::map<const dht::Protocol*, dht::Protocol> protocols_;  // changed for that, by those stated
  dht::Verifier verifier_;
  std::vector<std::unique_ptr<Member>> members_;
  // Where the members of each population begin, in order of populations; one more than there are.
  std::vector<NodeNumber> first_of_population_;
  std::unique_ptr<Directory> directory_;
  // Of `all` and of populations, by the range of their numbers.
  std::map<std::pair<NodeNumber, NodeNumber>, Pool> pools_;
  Events events_;
};

}  // namespace macula::sim
