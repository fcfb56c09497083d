#include "sim/run/fault_verbs.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "sim/run/act.h"

namespace macula::sim {
namespace {

VerbKey nodes_key(std::string_view example) {
  return {.name = "nodes", .type = KeyType::selector, .example = example, .about = "Which nodes."};
}

std::size_t crash(Act& act) {
  const std::vector<NodeNumber> nodes = act.nodes("nodes");
  const bool busy = std::any_of(nodes.begin(), nodes.end(), [&](NodeNumber node) {
    return act.world().up(node) && act.operations().under_way(node) != 0;
  });
  return act.faults().crash(act.step_index(), nodes, busy);
}

std::size_t restart(Act& act) {
  return act.faults().restart(act.nodes("nodes"), act.arguments().text("state") == "keep");
}

std::size_t pause(Act& act) {
  return act.faults().pause(act.nodes("nodes"));
}

std::size_t resume(Act& act) {
  return act.faults().resume(act.nodes("nodes"));
}

// Which nodes are on both sides is known only now, where the sides are drawn.
void check_sides(const Act& act, std::vector<NodeNumber> a, std::vector<NodeNumber> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  std::vector<NodeNumber> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  if (both.empty()) return;
  act.wrong("the sides of the partition overlap: `" + act.world().name(both.front()) +
            "` is on both");
}

std::size_t partition(Act& act) {
  const Sides& sides = act.arguments().sides("between");
  const std::vector<NodeNumber> a = act.nodes(sides.a, "a");
  const std::vector<NodeNumber> b = act.nodes(sides.b, "b");
  check_sides(act, a, b);
  return act.faults().cut(act.step_index(), a, b, act.arguments().text("mode") == "one-way");
}

std::size_t heal(Act& act) {
  return act.faults().heal();
}

}  // namespace

std::vector<Verb> fault_verbs() {
  return {
      {.name = "crash",
       .form = VerbForm::value,
       .about = "Stops nodes at once.",
       .example = R"("eu#0")",
       .keys = {nodes_key(R"("eu#0")")},
       .act = crash,
       .in_vain = "found no node of `{nodes}` up"},
      {.name = "restart",
       .form = VerbForm::value_or_table,
       .about = "Starts crashed nodes under their old id.",
       .remark = R"(`restart = "eu#0"` alone means `{ nodes = "eu#0", state = "lose" }`.)",
       .example = R"({ nodes = "eu", state = "keep" })",
       .keys = {nodes_key(R"("eu")"),
                {.name = "state",
                 .type = KeyType::choice,
                 .words = {"keep", "lose"},
                 .fallback = R"("lose")",
                 .example = R"("keep")",
                 .about = "Whether tables and stores survive."}},
       .act = restart,
       .in_vain = "found no node of `{nodes}` down"},
      {.name = "pause",
       .form = VerbForm::value,
       .about = "Holds nodes still; messages wait.",
       .example = R"("eu#0")",
       .keys = {nodes_key(R"("eu#0")")},
       .act = pause,
       .in_vain = "found no node of `{nodes}` up and not paused"},
      {.name = "resume",
       .form = VerbForm::value,
       .about = "Lets paused nodes go on.",
       .example = R"("eu#0")",
       .keys = {nodes_key(R"("eu#0")")},
       .act = resume,
       .in_vain = "found no node of `{nodes}` paused"},
      {.name = "partition",
       .about = "Cuts the network between two sets of nodes.",
       .example = R"({ between = ["eu", "us"] })",
       .keys = {{.name = "between",
                 .type = KeyType::sides,
                 .example = R"(["eu", "us"])",
                 .about = "The two sides."},
                {.name = "mode",
                 .type = KeyType::choice,
                 .words = {"both", "one-way"},
                 .fallback = R"("both")",
                 .example = R"("one-way")",
                 .about = "One-way: only the first side's packets are cut."}},
       .act = partition,
       .in_vain =
           "cut nobody off: a side of `{between}` was empty, or the two were cut off already"},
      {.name = "heal",
       .form = VerbForm::value,
       .about = "Ends every partition.",
       .example = R"("all")",
       .keys = {{.name = "what",
                 .type = KeyType::choice,
                 .words = {"all"},
                 .example = R"("all")",
                 .about = "What is healed."}},
       .act = heal,
       .in_vain = "found no partition"},
  };
}

}  // namespace macula::sim
