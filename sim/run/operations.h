// Carries out a scenario's steps: starts operations on nodes, and faults on the network.
//
//   Operations operations(world, [](const Operation& ended) { ... });
//   operations.schedule_all();
//
// What finds return is judged by what was written (sim/run/record_oracle.h).
#pragma once

#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dht/node/slots.h"
#include "sim/run/faults.h"
#include "sim/run/operation.h"
#include "sim/run/record_oracle.h"
#include "sim/run/step_log.h"
#include "sim/run/world.h"

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
  // The run is over: what should have ended by its own deadline ends as overdue, which is a
  // failure; what had no time to end as unfinished, which is none.
  void end_all();

  // What became of the records stored.
  [[nodiscard]] RecordOracle& records() { return records_; }
  [[nodiscard]] const RecordOracle& records() const { return records_; }

  [[nodiscard]] std::size_t under_way(NodeNumber node) const;

  // Which steps hit nobody, and which faults met no packet.
  [[nodiscard]] const StepLog& log() const { return log_; }
  [[nodiscard]] const Faults& faults() const { return faults_; }

 private:
  // One time that a step happens.
  struct Occurrence {
    std::size_t step;
    std::uint64_t number;  // of the repetition, from 0
  };
  struct Carry;

  void schedule(std::size_t step, Time time, std::uint64_t repetition);
  void carry_out(std::size_t step, std::uint64_t repetition);
  void check_sides(std::size_t step, std::vector<NodeNumber> a, std::vector<NodeNumber> b);

  // One operation on one node.
  void store(std::size_t slot, const StoreStep& step, const std::string& key,
             const std::string& value);
  // Whether there was anything that it had published.
  bool withdraw(std::size_t slot, const std::string& key, const std::string& procedure);
  void find(std::size_t slot, const FindStep& step, const std::string& key);
  void advertise(std::size_t slot, const std::string& procedure);
  void discover(std::size_t slot, const std::string& procedure);
  // Whether there was anybody to call.
  bool call(std::size_t slot, const CallStep& step, std::string args, std::uint64_t repetition,
            const std::optional<std::vector<NodeNumber>>& to);
  void cast(std::size_t slot, const std::string& procedure, const std::string& args, NodeNumber to);
  void ping(std::size_t slot, NodeNumber to, Duration timeout);
  void lookup(std::size_t slot, const std::string& key);

  // Starts one operation on each live one of `nodes` and runs `act` on its slot. Returns how many.
  template <typename Act>
  std::size_t on_each(const std::vector<NodeNumber>& nodes, OperationKind kind,
                      const Occurrence& occurrence, Act act);
  [[nodiscard]] std::size_t begin(OperationKind kind, const Occurrence& occurrence, NodeNumber by);
  // Stays where it is.
  [[nodiscard]] const std::string* label_of(const Step& step, std::uint64_t repetition);
  // How long an operation of the step may take on this node.
  [[nodiscard]] Duration patience(const Step& step, NodeNumber by) const;
  // The node's name for it.
  void begun(std::size_t slot, const dht::OperationId& id);
  // Unless operation `number`, which had this slot, has ended.
  void cancel(std::size_t slot, std::uint64_t number);
  // `returned`: all that its node gave its caller, for the digest; 0: nothing.
  void end(std::size_t slot, std::string error, std::uint64_t returned = 0);
  void add_search(Operation& operation, const dht::SearchResult& search, bool for_nodes,
                  const dht::NodeId& target);
  void judge_find(Operation& operation, const dht::Key& key, const dht::FindResult& found);

  World* world_;
  Ended ended_;
  Faults faults_;
  StepLog log_;
  std::set<std::string> labels_;  // those with a number
  dht::Slots<Operation> operations_;
  std::uint64_t begun_ = 0;
  std::map<dht::wire::CallId, std::uint32_t> forwards_;  // RPC_ROUTE frames of calls under way
  RecordOracle records_;
};

}  // namespace macula::sim
