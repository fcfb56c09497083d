// One time that a step happens, as the function of its verb sees it: what the step says, with draws
// made and numbers filled in, and the operations and faults that it sets off.
//
//     std::size_t read(Act& act) {
//       return act.on_each(act.nodes("by"), [&](Running running) {
//         node_of(running).read(act.text("key", running.by()), [running](const Result& result) {
//           running.end(result.error, result.word);
//         });
//       });
//     }
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/run/operations.h"

namespace macula::sim {

// An operation under way, on one node. A handle: copied into what its node calls when it is done.
class Running {
 public:
  Running(Operations& operations, std::uint32_t slot) : operations_(&operations), slot_(slot) {}

  [[nodiscard]] World& world() const { return operations_->world(); }
  [[nodiscard]] Operations& operations() const { return *operations_; }
  // It may have ended before the call that began it returned. Then it has no more to tell.
  [[nodiscard]] bool under_way() const { return operations_->holds(slot_); }
  [[nodiscard]] Operation& operation() const { return operations_->at(slot_); }
  [[nodiscard]] NodeNumber by() const { return operation().by; }

  // The node has promised to end it within this time, rather than within its `deadline`.
  void promised(Duration within) const { operation().due = operation().started + within; }
  // How its node gives it up, where it can be cancelled; the node is then the one it is now.
  void begun(std::function<void()> cancel) const { operations_->begun(slot_, std::move(cancel)); }
  // `error`: empty, or a code (sim/scenario/error_codes.h). `returned`: all that its node gave its
  // caller, for the digest; 0: nothing.
  void end(std::string error, std::uint64_t returned = 0) const {
    operations_->end(slot_, std::move(error), returned);
  }

 private:
  Operations* operations_;
  std::uint32_t slot_;
};

class Act {
 public:
  explicit Act(Operations& operations, const Turn& turn);

  [[nodiscard]] World& world() const { return operations_.world(); }
  [[nodiscard]] Operations& operations() const { return operations_; }
  [[nodiscard]] Faults& faults() const { return operations_.faults(); }
  [[nodiscard]] std::size_t step_index() const { return turn_.step; }
  [[nodiscard]] const Arguments& arguments() const { return step_.arguments; }

  // The nodes that the key stands for now. The draws of `any` and `sample` depend on the step, its
  // repetition and the key; with `other`, a node that another key gave, on that, too. In a client's
  // turn the nodes of `by` are that client.
  [[nodiscard]] std::vector<NodeNumber> nodes(std::string_view key) const;
  [[nodiscard]] std::vector<NodeNumber> nodes(std::string_view key, NodeNumber other) const;
  // The nodes of a selector that is no argument by itself: `part` is its name.
  [[nodiscard]] std::vector<NodeNumber> nodes(const Selector& selector,
                                              std::string_view part) const;
  // With placeholders filled in, for this node: each draws for itself.
  [[nodiscard]] std::string text(std::string_view key, NodeNumber by) const;
  // The text that the node stores, or sends as JSON, under the key or procedure that stands under
  // `what`. Nodes that store at once, unless they sign, draw and make up the same, as they do with
  // a text: else each would contradict the other.
  [[nodiscard]] std::string stored(std::string_view key, std::string_view what, NodeNumber by,
                                   bool is_signed) const;
  [[nodiscard]] std::string sent(std::string_view key, std::string_view what, NodeNumber by) const;

  // Starts an operation on each of the nodes that is up and hands it to `start`, as a Running.
  // Returns how many.
  template <typename Start>
  std::size_t on_each(const std::vector<NodeNumber>& nodes, Start start) const {
    std::size_t begun = 0;
    for (const NodeNumber node : nodes) {
      if (!world().up(node)) continue;
      ++begun;
      note_actor(node);
      const std::uint32_t slot = operations_.begin(turn_, node);
      if (operations_.is_told()) operations_.tell(slot, names(node));
      start(Running(operations_, slot));
    }
    return begun;
  }

  // The step is wrong, whatever it hit.
  void wrong(const std::string& text) const { operations_.wrong(turn_.step, text); }

 private:
  // The draws are written down where that is asked for (sim/run/drawn_run.h).
  [[nodiscard]] std::vector<NodeNumber> drawn(const Selector& selector, std::string_view part,
                                              std::uint64_t draws) const;
  void note_actor(NodeNumber node) const;
  // The subject of the node's operation; nothing is written down of it.
  [[nodiscard]] OperationNames names(NodeNumber by) const;
  void note_pair(NodeNumber other) const;

  // Made-up texts follow from it: the key or procedure, the node, and the time that is due.
  [[nodiscard]] std::string subject(std::string_view what, NodeNumber by, bool own) const;
  [[nodiscard]] std::uint64_t draws(std::string_view key, NodeNumber by, bool own) const;
  template <typename MakeUp>
  [[nodiscard]] std::string made(std::string_view key, NodeNumber by, bool own,
                                 MakeUp make_up) const;
  [[nodiscard]] std::string filled(const std::string& text, std::uint64_t draws) const;

  Operations& operations_;
  Turn turn_;
  const Step& step_;
  std::uint64_t draws_;  // what they depend on: seed, step and repetition, and the client
  DrawnTurn* note_;      // nullptr: nobody asks
  mutable DrawnTurn::Part shared_{};  // of what is noted: what holds for all that act
};

}  // namespace macula::sim
