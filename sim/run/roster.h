// The nodes of a run by name and number, as its scenario lists them, whatever their protocol.
//
//   const Roster roster(scenario);
//   roster.name(roster.find("eu#3"));
//
// Numbers count from 0, in the order of the file; those of a group lie together.
#pragma once

#include <any>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/net/link.h"
#include "sim/scenario/scenario.h"
#include "transport/endpoint.h"

namespace macula::sim {

class Roster {
 public:
  // The scenario outlives it.
  explicit Roster(const Scenario& scenario);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] const std::string& name(NodeNumber node) const { return entries_[node].name; }
  // Uniform bits.
  [[nodiscard]] std::uint64_t name_hash(NodeNumber node) const { return entries_[node].name_hash; }
  [[nodiscard]] const Population& population(NodeNumber node) const {
    return *entries_[node].population;
  }
  // The parameters of [protocol], by its profile: sim/scenario/parameter.h.
  [[nodiscard]] const std::any& parameters(NodeNumber node) const;
  // Where it listens: as the file says, else at an address of its own.
  [[nodiscard]] transport::Endpoint endpoint(NodeNumber node) const;

  // The node of this name, or the first of the group. The scenario has it.
  [[nodiscard]] NodeNumber find(std::string_view name) const;
  // The node of a group that bears the number.
  [[nodiscard]] NodeNumber numbered(std::string_view group, std::uint32_t number) const;
  // The numbers of `all` or of a population: first and one past the last.
  [[nodiscard]] std::pair<NodeNumber, NodeNumber> range(const Selector& selector) const;

 private:
  struct Entry {
    std::string name;
    std::uint64_t name_hash;
    const Population* population;
    std::uint32_t address;  // which of those that are given by position
  };

  void add(const Population& population, std::string name, std::uint32_t address);
  [[nodiscard]] std::size_t population_of(std::string_view name) const;

  const Scenario* scenario_;
  const std::vector<Population>* populations_;
  std::vector<Entry> entries_;
  // Where the nodes of each population begin; one more than there are.
  std::vector<NodeNumber> first_of_population_;
};

}  // namespace macula::sim
