// Makes a story of the lines of a trace, and of looks at the world.
//
//     StoryCollector collector(kit, chosen);         // the operation, as it has begun and ended
//     RunOptions options;
//     LineSink sink([&](std::string_view line) { collector.take(line); });
//     options.trace = &sink.stream();
//     options.trace_only = collector.filter();
//     options.witness = [&](World& world) { collector.watch(world); };
//     options.stop = [&] { return collector.done(); };
//     run_scenario(scenario, seed, options);
//     Story story = collector.story();
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>

#include "sim/run/trace_filter.h"
#include "sim/run/world.h"
#include "sim/scenario/kit.h"
#include "sim/study/story.h"

namespace macula::sim {

// Reads a line of kind begun; `read_ended` one of kind ended.
[[nodiscard]] StoryOperation read_begun(const Kit& kit, const nlohmann::json& line);
void read_ended(const nlohmann::json& line, StoryOperation& operation);

class StoryCollector {
 public:
  static constexpr std::uint64_t kMostQuestions = 20'000'000;

  // Looks ask the nodes no more than so many questions.
  StoryCollector(const Kit& kit, StoryOperation operation,
                 std::uint64_t most_questions = kMostQuestions);

  [[nodiscard]] TraceFilter filter() const;
  void take(std::string_view line);
  void take(const nlohmann::json& line);
  // The world outlives all looks.
  void watch(World& world);
  // All that belongs to the story has happened.
  [[nodiscard]] bool done() const { return done_; }
  [[nodiscard]] const std::string& operation() const { return story_.operation.name; }
  [[nodiscard]] Story story() const;

 private:
  void take_own(const nlohmann::json& line);
  void take_write(const nlohmann::json& line);
  [[nodiscard]] StoryRequest* request_of(const nlohmann::json& line);
  void look(Time at);
  void look_at_copies(Time now);
  void look_at_cuts();
  void look_at_end();
  void pass_on(const nlohmann::json& line);
  [[nodiscard]] std::string name_of(const std::string& id) const;
  [[nodiscard]] bool cut_off(NodeNumber a, NodeNumber b) const;
  void schedule(Time at);

  const Kit* kit_;
  std::uint64_t most_questions_;
  Story story_;
  std::map<std::string, std::size_t> requests_;  // by exchange: their place
  std::map<std::string, std::size_t> writes_;    // by operation
  std::map<NodeNumber, std::size_t> held_;       // by node: its copy now
  std::set<std::string> cut_at_first_;           // nodes that its own was cut off from
  World* world_ = nullptr;
  bool done_ = false;
};

}  // namespace macula::sim
