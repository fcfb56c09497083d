// The kit that a protocol brings to the simulator, as plain data: a `main` hands it to the command
// line.
//
//     int main(int argc, char** argv) { return run_command_line(macula_kit(), argc, argv); }
//
// Reading (sim/file) and running (sim/run) go by its rows and know none of them by name.
#pragma once

#include <any>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "sim/scenario/error_codes.h"
#include "sim/scenario/invariant.h"
#include "sim/scenario/metric.h"
#include "sim/scenario/parameter.h"
#include "sim/scenario/program_name.h"
#include "sim/scenario/verb.h"

namespace macula::sim {

class Community;  // the nodes of a run: sim/run/community.h
struct Setup;     // what it is made for

// The limit of the values that steps make nodes store.
struct RecordLimit {
  std::uint64_t bytes = 0;   // the most that a node takes as one record
  std::uint64_t beside = 0;  // of them for what belongs to a value
};

struct Kit {
  std::string_view name{};                   // of the protocol: "macula"
  std::string_view program{kSimulatorName};  // what its `main` is called, in messages
  std::vector<Verb> verbs{};                 // in the order of the documentation, as the metrics
  std::vector<MetricInfo> metrics{};
  std::vector<InvariantInfo> invariants{};         // looked at in every run
  std::vector<ErrorCodeInfo> errors{};             // with which its operations end
  std::vector<Parameter> parameters{};             // of [protocol]
  std::vector<Profile> profiles{{"default", {}}};  // the default first
  // Sets the parameters that follow others, once those that are given are read. None: none does.
  void (*follow)(const DocumentValue& given, std::any& parameters) = nullptr;
  // None: nodes store nothing, or whatever there is room for in a message.
  RecordLimit (*record_limit)(const std::any& parameters) = nullptr;
  std::vector<std::string_view> messages{};         // names of its messages
  std::vector<std::string_view> worlds{"virtual"};  // in which it runs: sim/run/world_kind.h
  // Whether nodes are near to keys and hold values: selectors and metrics may speak of keys.
  bool keyed = false;
  // Whether nodes are told whom they know and ask first, and what they are for: `knows`, `join.via`
  // and `role`, which its community reads. Else there are no such keys, and all are alike.
  bool introduces = false;
  std::function<std::unique_ptr<Community>(const Setup&)> make_community{};
};

// Nothing for an unknown name.
[[nodiscard]] const Verb* find_verb(const Kit& kit, std::string_view name);
[[nodiscard]] const MetricInfo* find_metric(const Kit& kit, std::string_view name);
[[nodiscard]] const Profile* find_profile(const Kit& kit, std::string_view name);

}  // namespace macula::sim
