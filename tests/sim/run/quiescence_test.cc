// No node waits for anything but its chores once nobody does anything any more, whatever was done
// on a network and whatever befell it.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sim/run/run.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

// The last step is over by `kLastStep`. A node still without a network tries again every 90 s or
// more often (dht/node/join.h): so by `kFirstLook` all is quiet, but for turns of chores.
constexpr int kLastStep = 90;
constexpr int kFirstLook = 6 * 60;
constexpr int kLooks = 5;  // a minute apart

struct Nodes {
  std::string text;
  std::vector<std::string> names;
};

void add_group(Nodes& nodes, const std::string& name, int count, const std::string& more) {
  nodes.text += fmt::format(
      "[[group]]\nname = \"{}\"\ncount = {}\njoin = {{ via = \"boot\", spread = \"20s\" }}\n{}",
      name, count, more);
  for (int i = 0; i < count; ++i) nodes.names.push_back(fmt::format("{}#{}", name, i));
}

// A bootstrap node and those that join through it, and some of them behind a gateway.
Nodes draw_nodes() {
  Nodes nodes{"[[node]]\nname = \"boot\"\nrole = \"bootstrap\"\n", {"boot"}};
  add_group(nodes, "near", *rc::gen::inRange(1, 6), "link = \"home\"\n");
  const int far = *rc::gen::inRange(0, 6);
  if (far == 0) return nodes;
  nodes.text += "[[node]]\nname = \"gw\"\nrole = \"gateway\"\njoin = { via = \"boot\" }\n";
  nodes.names.emplace_back("gw");
  add_group(nodes, "far", far, "link = \"home\"\nrelay = \"gw\"\n");
  return nodes;
}

std::string draw_head(const std::string& profile, bool maintenance) {
  return fmt::format(
      "[scenario]\nschema = 1\nname = \"random\"\nduration = \"{}s\"\nprofile = \"{}\"\n"
      "reach = \"relay\"\n[protocol]\nmaintenance = {}\nk = {}\ndisjoint_paths = {}\n"
      "adaptive_timeouts = {}\nquorum = {}\n"
      "[latency]\ndefault = \"uniform(5ms, 300ms)\"\n[link.home]\nloss = \"{}%\"\n",
      kFirstLook + 60 * kLooks, profile, maintenance, *rc::gen::inRange(1, 5),
      *rc::gen::inRange(1, 3), *rc::gen::arbitrary<bool>(), *rc::gen::inRange(1, 3),
      *rc::gen::inRange(0, 10));
}

std::string at(int ms, const std::string& verb) {
  return fmt::format("[[at]]\nt = \"{}ms\"\n{}\n", ms, verb);
}

// One operation or one fault. `returns`: a node that crashes comes back, and so does the bootstrap
// node in any case, since a network that has lost it for good goes on looking for it.
std::string draw_step(const std::vector<std::string>& names, bool returns) {
  const auto name = [&] { return *rc::gen::elementOf(names); };
  const int start = *rc::gen::inRange(0, 60'000);
  const int later = start + *rc::gen::inRange(0, 20'000);
  const int number = *rc::gen::inRange(0, 3);  // few keys, so that steps meet
  const std::string by = fmt::format("by = \"{}\"", name());
  const std::string key = fmt::format("{}, key = \"key-{}\"", by, number);
  const std::string procedure = fmt::format("{}, procedure = \"calc-{}\"", by, number);
  const std::string to = fmt::format("to = \"{}\"", name());
  const std::string cancel = *rc::gen::arbitrary<bool>() ? fmt::format(", cancel_after = \"{}ms\"",
                                                                       *rc::gen::inRange(0, 4'000))
                                                         : "";
  switch (*rc::gen::inRange(0, 14)) {
    case 0:
      return at(start, "lookup = { " + key + cancel + " }");
    case 1:
      return at(start, "store = { " + key + ", value = \"v\"" + cancel + " }");
    case 2:
      return at(start, "find = { " + key + ", local = false" + cancel + " }");
    case 3:
      return at(start, "advertise = { " + procedure + cancel + " }");
    case 4:
      return at(start, "discover = { " + procedure + cancel + " }");
    case 5:
      return at(start, "call = { " + procedure + cancel + " }");
    case 6:
      return at(start, "call = { " + procedure + ", routed = true" + cancel + " }");
    case 7:
      return at(start, "call = { " + procedure + ", routed = true, " + to + cancel + " }");
    case 8:
      return at(start, "withdraw = { " + key + " }");
    case 9:
      return at(start, "ping = { " + by + ", " + to + " }");
    case 10: {
      const std::string dead = name();
      return at(start, "crash = \"" + dead + "\"") +
             (returns || dead == "boot" ? at(later, "restart = \"" + dead + "\"") : "");
    }
    case 11:
      return at(start, "pause = \"" + name() + "\"");
    case 12: {
      const std::string one = name();
      const auto other = *rc::gen::suchThat(rc::gen::elementOf(names),
                                            [&](const std::string& node) { return node != one; });
      return at(start, fmt::format("partition = {{ between = [\"{}\", \"{}\"], mode = \"{}\" }}",
                                   one, other, *rc::gen::element<std::string>("both", "one-way"))) +
             at(later, "heal = \"all\"");
    }
    default: {
      const std::string node = name();
      return at(later, "crash = \"" + node + "\"") +
             at(later, fmt::format("restart = {{ nodes = \"{}\", state = \"{}\" }}", node,
                                   *rc::gen::element<std::string>("keep", "lose")));
    }
  }
}

std::string expectations() {
  std::string text;
  for (int i = 0; i < kLooks; ++i) {
    text += fmt::format(
        "[[expect]]\nname = \"quiet\"\nat = \"{}s\"\nmetric = \"pending(all)\"\nequals = 0\n",
        kFirstLook + 60 * i);
  }
  return text;
}

// The fewest and the most that were pending at a look, but for the timers of chores.
std::pair<double, double> pending_at_looks(const std::string& text, std::uint64_t seed) {
  const auto scenario = parse(text);
  RC_LOG(text);
  if (!scenario) RC_FAIL(format(scenario.error()));
  const RunResult result = run_scenario(*scenario, seed, {});
  const auto looks = std::minmax_element(
      result.expectations.begin(), result.expectations.end(),
      [](const auto& a, const auto& b) { return a.measured.value() < b.measured.value(); });
  return {looks.first->measured.value(), looks.second->measured.value()};
}

RC_GTEST_PROP(Quiescence, NothingIsLeftPendingOnceAllIsQuiet, ()) {
  const std::string profile = *rc::gen::element<std::string>("kademlia", "macula-0.8");
  const bool maintenance = *rc::gen::arbitrary<bool>();
  const std::string head = draw_head(profile, maintenance);
  const Nodes nodes = draw_nodes();
  // Chores go on asking the dead, and a node of Macula 0.8 may try to join through one for ever.
  const bool returns = maintenance || profile == "macula-0.8" || *rc::gen::arbitrary<bool>();
  const auto steps = *rc::gen::container<std::vector<std::string>>(
      rc::gen::exec([names = nodes.names, returns] { return draw_step(names, returns); }));
  std::string text = head + nodes.text;
  for (const std::string& step : steps) text += step;
  text += at(kLastStep * 1000, "heal = \"all\"") + at(kLastStep * 1000, "resume = \"all\"");
  const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1000);
  const auto [fewest, most] = pending_at_looks(text + expectations(), seed);
  // At some look, but not at all of them, a turn of chores may be under way.
  RC_ASSERT((maintenance ? fewest : most) == 0.0);
}

}  // namespace
}  // namespace macula::sim
