// Carries out a scenario's steps: each verb has a function of its own (sim/run/act.h), which starts
// operations on nodes, or faults in the network. What all operations share is here.
//
//   Operations operations(world, [](const Operation& ended) { ... });
//   operations.schedule_all();
//
// What finds return is judged by what was written (sim/run/record_oracle.h).
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "dht/node/slots.h"
#include "sim/run/faults.h"
#include "sim/run/occasion.h"
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

  [[nodiscard]] World& world() const { return *world_; }
  // What became of the records stored.
  [[nodiscard]] RecordOracle& records() { return records_; }
  [[nodiscard]] const RecordOracle& records() const { return records_; }

  [[nodiscard]] std::size_t under_way(NodeNumber node) const;

  // Which steps hit nobody, and which faults met no packet.
  [[nodiscard]] const StepLog& log() const { return log_; }
  [[nodiscard]] const Faults& faults() const { return faults_; }

  // ----- for the functions of verbs, through Act and Running -----

  [[nodiscard]] Faults& faults() { return faults_; }
  void wrong(std::size_t step, const std::string& text) { log_.wrong(step, text); }
  // One operation of the step on one node, in the slot that is returned.
  [[nodiscard]] std::size_t begin(const Step& step, std::uint64_t repetition, NodeNumber by);
  [[nodiscard]] Operation& at(std::size_t slot) { return operations_[slot]; }
  void begun(std::size_t slot, const dht::OperationId& id);
  void end(std::size_t slot, std::string error, std::uint64_t returned);
  // How many frames have carried the call; it is forgotten.
  [[nodiscard]] std::uint32_t take_forwards(const dht::wire::CallId& call);

 private:
  void schedule(std::size_t step, Time time, std::uint64_t repetition);
  // Stays where it is.
  [[nodiscard]] const std::string* label_of(const Step& step, std::uint64_t repetition);
  // Unless operation `number`, which had this slot, has ended.
  void cancel(std::size_t slot, std::uint64_t number);

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
