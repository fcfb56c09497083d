#include "sim/run/state.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string_view>

#include "base/check.h"

namespace macula::sim {
namespace {

class Reader {
 public:
  Reader(World& world, const Operations& operations, const Metric& metric)
      : world_(world), operations_(operations), metric_(metric) {}

  State read() {
    const std::string_view name = metric_.info->name;
    if (name == "holders") return holders();
    if (name == "copies") return {static_cast<double>(copies()), {}};
    if (name == "stored") return {static_cast<double>(stored()), {}};
    if (name == "refused") return {static_cast<double>(refused()), {}};
    if (name == "providers") return {static_cast<double>(providers()), {}};
    const RecordOracle& records = operations_.records();
    if (name == "placed") return {records.placed_of(dht::normalize(metric_.key)), {}};
    if (name == "record.placed") return {records.placed(metric_.label), {}};
    if (name == "record.lost") return {records.lost(metric_.label), {}};
    if (name == "record.zombies") {
      return {static_cast<double>(records.zombies(metric_.label)), {}};
    }
    if (name == "peers") return {static_cast<double>(peers()), {}};
    if (name == "knows") return {static_cast<double>(knows()), {}};
    if (name == "neighbours") return {neighbours(), {}};
    if (name == "per_endpoint") return {static_cast<double>(per_endpoint()), {}};
    if (name == "healthy") return {healthy(), {}};
    if (name == "pending") return {static_cast<double>(pending()), {}};
    if (name == "distinct_ids") return {static_cast<double>(distinct_ids()), {}};
    MACULA_CHECK(false);
  }

 private:
  std::vector<NodeNumber> select(const Selector& selector) {
    return world_.select(selector, hash_bytes(metric_.source, world_.seed()));
  }

  template <typename Visit>
  void for_each_live(Visit visit) {
    for (NodeNumber node = 0; node < world_.size(); ++node) {
      if (world_.up(node)) visit(node, world_.node(node));
    }
  }

  State holders() {
    State state;
    const dht::Key key = dht::normalize(metric_.key);
    for_each_live([&](NodeNumber number, const dht::Node& node) {
      if (node.records().holds(key, world_.network().now())) {
        state.nodes.push_back(world_.name(number));
      }
    });
    state.value = static_cast<double>(state.nodes.size());
    return state;
  }

  std::size_t copies() {
    std::size_t copies = 0;
    const dht::Key key = dht::normalize(metric_.key);
    for_each_live([&](NodeNumber, const dht::Node& node) {
      copies += node.storage().copies().serves(key, world_.network().now()) ? 1U : 0U;
    });
    return copies;
  }

  std::size_t stored() {
    std::size_t stored = 0;
    const dht::Key key = dht::normalize(metric_.key);
    for_each_live([&](NodeNumber, const dht::Node& node) {
      stored += node.records().find(key) != nullptr ? 1U : 0U;
    });
    return stored;
  }

  std::uint64_t refused() {
    std::uint64_t refused = 0;
    for (const NodeNumber node : select(*metric_.node)) {
      if (world_.up(node)) refused += world_.node(node).records().refused();
    }
    return refused;
  }

  std::size_t providers() {
    std::size_t longest = 0;
    const dht::Key key = dht::normalize(metric_.key);
    for_each_live([&](NodeNumber, const dht::Node& node) {
      longest = std::max(longest, node.records().values(key, world_.network().now()).size());
    });
    return longest;
  }

  std::size_t peers() {
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    for (const NodeNumber node : select(*metric_.node)) {
      fewest = std::min(fewest, world_.up(node) ? world_.node(node).table().size() : 0);
    }
    return fewest == std::numeric_limits<std::size_t>::max() ? 0 : fewest;
  }

  // Under whatever address.
  bool stands_in(const dht::RoutingTable& table, dht::ContactRef contact) const {
    if (table.contains(contact)) return true;
    if (!world_.book().has_alias(contact)) return false;
    const auto& entries = table.entries();
    return std::any_of(entries.begin(), entries.end(), [&](dht::ContactRef entry) {
      return world_.book().has_id(entry, world_.book().id(contact));
    });
  }

  std::size_t knows() {
    const std::vector<NodeNumber> nodes = select(*metric_.node);
    const std::vector<NodeNumber> others = select(*metric_.to);
    return static_cast<std::size_t>(
        std::count_if(others.begin(), others.end(), [&](NodeNumber other) {
          return std::all_of(nodes.begin(), nodes.end(), [&](NodeNumber node) {
            return world_.up(node) && stands_in(world_.node(node).table(), world_.contact(other));
          });
        }));
  }

  double neighbours() {
    double sum = 0;
    std::size_t count = 0;
    for (const NodeNumber node : select(*metric_.node)) {
      if (!world_.up(node)) continue;
      const auto closest = world_.directory().closest(
          world_.book().id(world_.contact(node)), world_.protocol(node).k,
          [&](NodeNumber other) { return other != node && world_.up(other); });
      if (closest.empty()) continue;
      const auto known = std::count_if(closest.begin(), closest.end(), [&](NodeNumber other) {
        return world_.node(node).table().contains(world_.contact(other));
      });
      sum += static_cast<double>(known) / static_cast<double>(closest.size());
      ++count;
    }
    return count == 0 ? 0 : sum / static_cast<double>(count);
  }

  std::size_t per_endpoint() {
    std::size_t most = 0;
    for (const NodeNumber node : select(*metric_.node)) {
      std::map<std::string, std::size_t> seen;
      if (!world_.up(node)) continue;
      for (const dht::ContactRef contact : world_.node(node).table().entries()) {
        if (world_.book().is_relayed(contact)) continue;
        most = std::max(most, ++seen[dht::format_endpoint(world_.book().endpoint(contact))]);
      }
    }
    return most;
  }

  double healthy() {
    const std::vector<NodeNumber> nodes = select(*metric_.node);
    const auto healthy = std::count_if(nodes.begin(), nodes.end(), [&](NodeNumber node) {
      return world_.up(node) && !world_.network().paused(node) &&
             world_.node(node).health().healthy;
    });
    return nodes.empty() ? 0 : static_cast<double>(healthy) / static_cast<double>(nodes.size());
  }

  std::size_t pending() {
    std::size_t pending = 0;
    for (const NodeNumber node : select(*metric_.node)) {
      pending += operations_.under_way(node) + world_.network().pending(node);
      if (!world_.up(node)) continue;
      pending += world_.node(node).pending();
      if (world_.node(node).chores_wait()) --pending;
    }
    return pending;
  }

  std::size_t distinct_ids() {
    std::set<dht::NodeId> ids;
    for_each_live([&](NodeNumber number, const dht::Node& node) {
      ids.insert(world_.book().id(world_.contact(number)));
      for (const dht::ContactRef contact : node.table().entries()) {
        ids.insert(world_.book().id(contact));
      }
    });
    return ids.size();
  }

  World& world_;
  const Operations& operations_;
  const Metric& metric_;
};

}  // namespace

State read_state(World& world, const Operations& operations, const Metric& metric) {
  return Reader(world, operations, metric).read();
}

}  // namespace macula::sim
