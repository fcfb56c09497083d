// Carries out a scenario's steps: starts operations on nodes, and faults on the network.
//
//   Operations operations(world, [](const Operation& ended) { ... });
//   operations.schedule_all();
//
// What finds return is judged by what was written (sim/scenario/record_oracle.h).
#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dht/slots.h"
#include "sim/scenario/operation.h"
#include "sim/scenario/record_oracle.h"
#include "sim/scenario/world.h"

namespace macula::sim {

class Operations {
 public:
  using Ended = std::function<void(const Operation&)>;

  Operations(World& world, Ended ended);

  // Every step of the scenario, in order.
  void schedule_all();

  // The node has crashed: its operations end with the error "crashed".
  void on_crash(NodeNumber node);
  // The node has published a record of its own anew.
  void on_republished(NodeNumber node, const dht::Key& key, const dht::wire::SharedValue& value);
  // An RPC_ROUTE frame that carries this call has been sent.
  void on_forward(const dht::wire::CallId& call);
  // The run is over: what has not ended ends with the error "unfinished".
  void end_all();

  // What became of the records stored.
  [[nodiscard]] RecordOracle& records() { return records_; }
  [[nodiscard]] const RecordOracle& records() const { return records_; }

  [[nodiscard]] std::size_t under_way(NodeNumber node) const;

 private:
  void schedule(std::size_t step, Time time, std::uint64_t repetition);
  void carry_out(std::size_t step, std::uint64_t repetition);

  // One operation on one node.
  void store(std::size_t slot, const StoreStep& step, const std::string& key,
             const std::string& value);
  void withdraw(std::size_t slot, const std::string& key, const std::string& procedure);
  void find(std::size_t slot, const FindStep& step, const std::string& key);
  void advertise(std::size_t slot, const std::string& procedure);
  void discover(std::size_t slot, const std::string& procedure);
  void call(std::size_t slot, const CallStep& step, const std::string& procedure,
            const std::string& args, RandomStream& random);
  void cast(std::size_t slot, const std::string& procedure, const std::string& args, NodeNumber to);
  void ping(std::size_t slot, NodeNumber to, Duration timeout);
  void lookup(std::size_t slot, const std::string& key);

  // Starts one operation on each live one of `nodes` and runs `act` on its slot.
  template <typename Act>
  void on_each(const std::vector<NodeNumber>& nodes, OperationKind kind, const Step& step, Act act);
  [[nodiscard]] std::size_t begin(OperationKind kind, const Step& step, NodeNumber by);
  // The node's name for it.
  void begun(std::size_t slot, const dht::OperationId& id);
  // Unless operation `number`, which had this slot, has ended.
  void cancel(std::size_t slot, std::uint64_t number);
  void end(std::size_t slot, std::string error);
  void add_search(Operation& operation, const dht::SearchResult& search, bool for_nodes,
                  const dht::NodeId& target);
  void judge_find(Operation& operation, const dht::Key& key, const dht::FindResult& found);

  World* world_;
  Ended ended_;
  std::vector<RandomStream> draws_;  // one a step, for its selectors
  dht::Slots<Operation> operations_;
  std::uint64_t begun_ = 0;
  std::map<dht::wire::CallId, std::uint32_t> forwards_;  // RPC_ROUTE frames of calls under way
  RecordOracle records_;
};

}  // namespace macula::sim
