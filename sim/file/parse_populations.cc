#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text/suggest.h"
#include "sim/file/parse_fields.h"
#include "sim/file/parse_protocol.h"
#include "sim/file/parse_sections.h"
#include "transport/endpoint.h"

namespace macula::sim {
namespace {

constexpr std::array<std::string_view, 3> kRoles{"bootstrap", "gateway", "edge"};
constexpr std::array<std::string_view, 2> kModes{"server", "client"};
constexpr std::array<std::string_view, 2> kIds{"name", "seeded"};
constexpr std::uint32_t kNodesMax = 10'000'000;

// A population and the table it stands in.
struct PopulationEntry {
  Population population;
  const DocumentValue* table = nullptr;
};

// The facts that others need of the nodes of a name.
struct Facts {
  Role role = Role::edge;
  bool relayed = false;
};

class PopulationReader {
 public:
  PopulationReader(const DocumentValue& root, Problems& problems, Scenario& scenario,
                   PopulationNames& names)
      : root_(root), problems_(problems), scenario_(scenario), names_(names) {}

  void read() {
    read_list("node");
    read_list("group");
    // Addresses and ties go by position, so nodes and groups stand in the order of the file.
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const PopulationEntry& a, const PopulationEntry& b) {
                       return std::pair(a.population.place.line, a.population.place.column) <
                              std::pair(b.population.place.line, b.population.place.column);
                     });
    if (entries_.empty() && problems_.empty()) {
      problems_.at(Place{1, 1}, "there is no node: write [[node]] or [[group]]");
    }
    for (const PopulationEntry& entry : entries_) check(entry);
    read_other_profiles();
    for (PopulationEntry& entry : entries_)
      scenario_.populations.push_back(std::move(entry.population));
  }

 private:
  void read_list(std::string_view kind) {
    const DocumentValue* list = find(root_, kind);
    if (list == nullptr || list->kind != DocumentValue::Kind::list) return;
    for (const DocumentValue& item : list->items) {
      if (item.kind == DocumentValue::Kind::table) read_one(item, kind == "group");
    }
  }

  void read_one(const DocumentValue& table, bool group) {
    PopulationEntry entry;
    entry.table = &table;
    Population& population = entry.population;
    population.place = table.place;
    Fields fields(table, problems_);
    if (group) {
      population.group = read_numbers(fields);
      nodes_ += population.group->size();
    } else {
      ++nodes_;
    }
    fields.choice("role", kRoles, population.role);
    fields.text("region", population.region, kNameBytesMax);
    fields.text("link", population.link, kNameBytesMax);
    fields.text("relay", population.relay, kNameBytesMax);
    fields.choice("mode", kModes, population.mode);
    fields.choice("ids", kIds, population.ids);
    fields.duration("activation", population.activation);
    fields.name_list("knows", population.knows);
    read_name(fields, population);
    read_profile(fields, population);
    read_endpoint(fields, population);
    read_announced(fields, population);
    read_join(fields, population);
    if (nodes_ > kNodesMax && nodes_ - size_of(population) <= kNodesMax) {
      problems_.at(table, fmt::format("the scenario has more than {} nodes", kNodesMax));
    }
    entries_.push_back(std::move(entry));
  }

  // Where something is wrong, its nodes still have names.
  GroupNumbers read_numbers(Fields& fields) {
    GroupNumbers group(1);
    std::vector<std::uint32_t> members;
    std::vector<std::uint32_t> without;
    const bool some = fields.number_list("members", kNodesMax - 1, members);
    const bool others = fields.number_list("without", kNodesMax - 1, without);
    if (some && !members.empty()) group.count = members.back() + 1;
    const DocumentValue& table = fields.value();
    if (find(table, "count") == nullptr && !some) {
      if (find(table, "members") == nullptr) {
        problems_.at(table, "`count` is missing from [[group]]: write `count = 100`");
      }
      return group;
    }
    fields.integer("count", 1U, kNodesMax, group.count);
    if (some && others) {
      problems_.at(*find(table, "without"), "`members` says already which nodes are there");
      return group;
    }
    if (!some && !others) return group;
    const std::vector<std::uint32_t>& named = some ? members : without;
    const DocumentValue& value = *find(table, some ? "members" : "without");
    if (named.empty()) {
      if (some) problems_.at(value, "`members` names nobody: leave the group out");
      return group;
    }
    if (named.back() >= group.count) {
      problems_.at(value, fmt::format("the group has {} nodes: the last is {}", group.count,
                                      group.count - 1));
      return group;
    }
    if (others) {
      for (std::uint32_t i = 0; i < group.count; ++i) {
        if (!std::binary_search(without.begin(), without.end(), i)) members.push_back(i);
      }
      if (members.empty()) {
        problems_.at(value, "`without` leaves nobody: leave the group out");
        return group;
      }
    }
    group.members = std::move(members);
    return group;
  }

  void read_name(Fields& fields, Population& population) {
    if (!fields.text("name", population.name)) return;
    const DocumentValue& value = *find(fields.value(), "name");
    if (const std::string wrong = check_new_name(population.name); !wrong.empty()) {
      problems_.at(value, wrong);
      return;
    }
    if (names_.emplace(population.name, population.group).second) {
      facts_.emplace(population.name, Facts{population.role, !population.relay.empty()});
      return;
    }
    problems_.at(value, fmt::format("the name `{}` is taken already", population.name));
  }

  void read_profile(const Fields& fields, Population& population) {
    const Profile* profile = read_profile_name(*scenario_.kit, fields.value(), problems_);
    if (profile != nullptr) population.profile = profile->name;
  }

  void read_endpoint(Fields& fields, Population& population) {
    std::string text;
    if (!fields.text("endpoint", text, kNameBytesMax)) return;
    const DocumentValue& value = *find(fields.value(), "endpoint");
    population.endpoint = transport::parse_endpoint(text);
    if (!population.endpoint) {
      problems_.at(value,
                   fmt::format("`{}` is no address and port, as in \"172.21.0.10:9443\"", text));
    } else if (!endpoints_.insert(transport::format_endpoint(*population.endpoint)).second) {
      problems_.at(value, fmt::format("the endpoint `{}` is taken already", text));
    }
  }

  // It may be that of another node, or of nobody.
  void read_announced(Fields& fields, Population& population) {
    std::string text;
    if (!fields.text("announce", text, kNameBytesMax)) return;
    population.announce = transport::parse_endpoint(text);
    const DocumentValue& value = *find(fields.value(), "announce");
    if (!population.announce || !transport::is_routable(*population.announce)) {
      problems_.at(value,
                   fmt::format("`{}` is no address and port, as in \"172.21.0.10:9443\"", text));
    } else if (!population.relay.empty()) {
      problems_.at(value, "a node behind a gateway announces the gateway's address");
    }
  }

  void read_join(Fields& fields, Population& population) {
    const DocumentValue* table = find(fields.value(), "join");
    if (table == nullptr || table->kind != DocumentValue::Kind::table)
      return;  // reported with the keys
    Join join;
    join.place = table->place;
    Fields inner(*table, problems_);
    inner.text("via", join.via, kNameBytesMax);
    inner.duration("at", join.at);
    inner.duration("spread", join.spread);
    if (scenario_.duration.count() > 0 && join.at + join.spread > scenario_.duration) {
      problems_.at(*table, "the join ends after the run");
    }
    population.join = std::move(join);
  }

  // ----- names of others, once all are known -----

  void check(const PopulationEntry& entry) {
    if (problems_.full()) return;  // each message looks for the nearest of all names
    const Population& population = entry.population;
    check_known("region", entry, population.region, regions(), !scenario_.links.matrix.empty());
    check_known("link", entry, population.link, link_names(), true);
    if (population.join) check_via(entry);
    if (!population.relay.empty()) check_relay(entry);
    std::set<std::string> seen;
    for (std::size_t i = 0; i < population.knows.size(); ++i) {
      const std::string& name = population.knows[i];
      std::string wrong = check_node_name(name, names_);
      if (wrong.empty() && name == population.name) wrong = "a node does not know itself";
      if (wrong.empty() && !seen.insert(name).second)
        wrong = fmt::format("`{}` stands here twice", name);
      if (!wrong.empty()) problems_.at(find(*entry.table, "knows")->items[i], "`knows`: " + wrong);
    }
  }

  void check_known(std::string_view key, const PopulationEntry& entry, const std::string& name,
                   const std::vector<std::string>& known, bool applies) {
    if (name.empty() || !applies || std::find(known.begin(), known.end(), name) != known.end())
      return;
    problems_.at(*find(*entry.table, key),
                 fmt::format("unknown {} `{}`{}", key, name, suggestion(name, "there are", known)));
  }

  void check_via(const PopulationEntry& entry) {
    const std::string& via = entry.population.join->via;
    const DocumentValue* value = find(*find(*entry.table, "join"), "via");
    if (value == nullptr || value->kind != DocumentValue::Kind::text) return;
    std::string wrong = check_node_name(via, names_);
    if (wrong.empty() && via == entry.population.name) wrong = "a node cannot join through itself";
    if (wrong.empty() && scenario_.reach == Reach::relay && facts_of(via).relayed) {
      wrong = fmt::format("`{}` is itself reached only through a gateway", via);
    }
    if (!wrong.empty()) problems_.at(*value, "`via`: " + wrong);
  }

  void check_relay(const PopulationEntry& entry) {
    const std::string& relay = entry.population.relay;
    std::string wrong = check_node_name(relay, names_);
    if (wrong.empty() && relay == entry.population.name) wrong = "a node cannot be its own gateway";
    if (wrong.empty() && facts_of(relay).role != Role::gateway) {
      wrong = fmt::format("`{}` has not the role \"gateway\"", relay);
    }
    if (!wrong.empty()) problems_.at(*find(*entry.table, "relay"), "`relay`: " + wrong);
  }

  Facts facts_of(const std::string& name) const {
    const auto at = facts_.find(name.substr(0, name.find('#')));
    return at == facts_.end() ? Facts{} : at->second;
  }

  const std::vector<std::string>& regions() {
    if (regions_.empty()) {
      std::set<std::string> names;
      for (const RegionLink& row : scenario_.links.matrix) names.insert(row.from);
      regions_.assign(names.begin(), names.end());
    }
    return regions_;
  }

  const std::vector<std::string>& link_names() {
    if (links_.empty()) {
      for (const LinkClass& link : scenario_.links.classes) links_.push_back(link.name);
    }
    return links_;
  }

  void read_other_profiles() {
    std::set<std::string> seen{scenario_.profile};
    const DocumentValue* table = find(root_, "protocol");
    for (const PopulationEntry& entry : entries_) {
      const auto& name = entry.population.profile;
      if (!name || !seen.insert(*name).second) continue;
      std::any protocol = find_profile(*scenario_.kit, *name)->parameters;
      // [protocol] has been judged once already; here it cannot fail anew.
      Problems ignored({}, std::make_shared<std::vector<std::string>>());
      if (table != nullptr && table->kind == DocumentValue::Kind::table) {
        read_protocol(*scenario_.kit, *table, ignored, protocol);
      }
      scenario_.other_profiles.emplace_back(*name, std::move(protocol));
    }
  }

  const DocumentValue& root_;
  Problems& problems_;
  Scenario& scenario_;
  PopulationNames& names_;
  std::vector<PopulationEntry> entries_;
  std::map<std::string, Facts> facts_;
  std::set<std::string> endpoints_;
  std::vector<std::string> regions_;
  std::vector<std::string> links_;
  std::uint64_t nodes_ = 0;
};

}  // namespace

void read_populations(const DocumentValue& root, Problems& problems, Scenario& scenario,
                      PopulationNames& names) {
  PopulationReader(root, problems, scenario, names).read();
}

}  // namespace macula::sim
