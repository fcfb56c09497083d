// Carries out a scenario's steps: each verb has a function of its own (sim/run/act.h), which starts
// operations on nodes, or faults in the network. The part that all operations share is here.
//
//   Operations operations(world, [](const Operation& ended) { ... });
//   operations.schedule_all();
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/engine/slab.h"
#include "sim/run/closed_loops.h"
#include "sim/run/drawn_run.h"
#include "sim/run/faults.h"
#include "sim/run/operation.h"
#include "sim/run/step_log.h"
#include "sim/run/text_filler.h"
#include "sim/run/turn.h"
#include "sim/run/world.h"

namespace macula::sim {

class Operations {
 public:
  using Ended = std::function<void(const Operation&)>;
  using Begun = std::function<void(const Operation&, const OperationNames&)>;

  // `drawn`: where to write down what is drawn; nullptr: nobody asks.
  Operations(World& world, Ended ended, DrawnRun* drawn = nullptr);

  // Told of each operation as it begins.
  void on_begun(Begun told) { told_ = std::move(told); }

  // Every step of the scenario, in order.
  void schedule_all();

  // The node has crashed: its operations end with the error "crashed".
  void on_crash(NodeNumber node);
  // The run is over: what should have ended by its own deadline ends as overdue, which is a
  // failure; what had no time to end as unfinished, which is none.
  void end_all();

  [[nodiscard]] World& world() const { return *world_; }
  [[nodiscard]] std::size_t under_way(NodeNumber node) const;

  // Which steps hit nobody, and which faults met no packet.
  [[nodiscard]] const StepLog& log() const { return log_; }
  [[nodiscard]] const Faults& faults() const { return faults_; }

  // ----- for the functions of verbs, through Act and Running -----

  [[nodiscard]] Faults& faults() { return faults_; }
  void wrong(std::size_t step, const std::string& text) { log_.wrong(step, text); }
  [[nodiscard]] TextFiller& filler() { return filler_; }
  // Where to note what is drawn for this turn, until the next one begins; nullptr: nowhere.
  [[nodiscard]] DrawnTurn* note(const Turn& turn);
  // One operation of the step on one node, in the slot that is returned.
  [[nodiscard]] std::uint32_t begin(const Turn& turn, NodeNumber by);
  // Whether somebody is to be told that it begins; and who is.
  [[nodiscard]] bool is_told() const { return told_ != nullptr; }
  void tell(std::uint32_t slot, const OperationNames& names) const {
    told_(operations_[slot], names);
  }
  [[nodiscard]] bool holds(std::uint32_t slot) const { return operations_.live(slot); }
  [[nodiscard]] Operation& at(std::uint32_t slot) { return operations_[slot]; }
  void begun(std::uint32_t slot, std::function<void()> cancel);
  void end(std::uint32_t slot, std::string error, std::uint64_t returned);

 private:
  void schedule(std::size_t step, Time time, std::uint64_t repetition);
  void schedule_clients(std::size_t step);
  void take(const Turn& turn);
  // Stays where it is.
  [[nodiscard]] const std::string* label_of(const Step& step, std::uint64_t repetition);
  // Unless operation `number`, which had this slot, has ended.
  void cancel(std::uint32_t slot, std::uint64_t number);
  // The slots of those under way.
  template <typename Which>
  [[nodiscard]] std::vector<std::uint32_t> slots(Which which) const;

  World* world_;
  Ended ended_;
  Begun told_;
  Faults faults_;
  StepLog log_;
  ClosedLoops loops_;
  TextFiller filler_;
  std::set<std::string> labels_;  // those with a number
  Slab<Operation> operations_;
  std::uint64_t begun_ = 0;
  DrawnRun* drawn_;
};

}  // namespace macula::sim
