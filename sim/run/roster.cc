#include "sim/run/roster.h"

#include <algorithm>

#include "base/check.h"
#include "base/hash.h"
#include "sim/engine/random.h"

namespace macula::sim {
namespace {

// Nodes without an address of their own get one each in a public /24 of its own, also those of a
// group that are left out.
transport::Endpoint default_endpoint(std::uint32_t number) {
  constexpr std::uint32_t kFirst = 0x0b000001;  // 11.0.0.1
  return transport::make_ipv4(kFirst + (number << 8), 9443);
}

}  // namespace

Roster::Roster(const Scenario& scenario)
    : scenario_(&scenario), populations_(&scenario.populations) {
  std::uint32_t address = 0;
  for (const Population& population : *populations_) {
    first_of_population_.push_back(static_cast<NodeNumber>(entries_.size()));
    if (!population.group) {
      add(population, population.name, address++);
      continue;
    }
    for (std::uint32_t i = 0; i < population.group->count; ++i) {
      if (!population.group->place_of(i)) continue;
      add(population, population.name + '#' + std::to_string(i), address + i);
    }
    address += population.group->count;
  }
  first_of_population_.push_back(static_cast<NodeNumber>(entries_.size()));
}

void Roster::add(const Population& population, std::string name, std::uint32_t address) {
  const std::uint64_t hash = draw(hash_bytes(name));
  entries_.push_back({std::move(name), hash, &population, address});
}

const std::any& Roster::parameters(NodeNumber node) const {
  const auto& profile = population(node).profile;
  if (!profile || *profile == scenario_->profile) return scenario_->protocol;
  const auto& others = scenario_->other_profiles;
  const auto found = std::find_if(others.begin(), others.end(),
                                  [&](const auto& other) { return other.first == *profile; });
  MACULA_CHECK(found != others.end());
  return found->second;
}

transport::Endpoint Roster::endpoint(NodeNumber node) const {
  return population(node).endpoint.value_or(default_endpoint(entries_[node].address));
}

std::size_t Roster::population_of(std::string_view name) const {
  const auto found =
      std::find_if(populations_->begin(), populations_->end(),
                   [&](const Population& population) { return population.name == name; });
  MACULA_CHECK(found != populations_->end());
  return static_cast<std::size_t>(found - populations_->begin());
}

NodeNumber Roster::numbered(std::string_view group, std::uint32_t number) const {
  const std::size_t population = population_of(group);
  const auto place = (*populations_)[population].group->place_of(number);
  MACULA_CHECK(place.has_value());
  return first_of_population_[population] + *place;
}

NodeNumber Roster::find(std::string_view name) const {
  const auto hash = name.find('#');
  if (hash == std::string_view::npos) return first_of_population_[population_of(name)];
  const auto number = std::stoul(std::string(name.substr(hash + 1)));
  return numbered(name.substr(0, hash), static_cast<std::uint32_t>(number));
}

std::pair<NodeNumber, NodeNumber> Roster::range(const Selector& selector) const {
  if (selector.kind == Selector::Kind::all) return {0, static_cast<NodeNumber>(size())};
  const std::size_t population = population_of(selector.name);
  return {first_of_population_[population], first_of_population_[population + 1]};
}

}  // namespace macula::sim
