// A trace as trace events, which ui.perfetto.dev and chrome://tracing draw. The way things are
// drawn: docs/traces.md. The format: "Trace Event Format", an array of JSON objects.
//
//   PerfettoWriter writer(roster, out);
//   options.trace_form = &writer;
//   run_scenario(scenario, seed, options);
//   writer.finish();                                    // now it is valid JSON
//
// Memory grows with the nodes, and with the operations and exchanges that are under way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text_buffer.h"
#include "sim/run/roster.h"
#include "sim/run/trace_form.h"
#include "sim/study/open_exchanges.h"

namespace macula::sim {

class PerfettoWriter final : public TraceForm {
 public:
  // Both outlive it.
  PerfettoWriter(const Roster& roster, std::ostream& out);

  [[nodiscard]] bool wants_fields(const Told& told) const override;
  void take(const Told& told, std::string_view fields) override;
  void end(Time now, bool whole, std::uint64_t events) override;
  void finish();

 private:
  struct Node {
    std::uint32_t process = 0;  // 0: it has none yet
    bool told = false;          // has its name
    bool down = false;          // since a crash
    bool paused = false;
  };
  // Operations of a node that are under way, by number; 0: free.
  using Lanes = std::vector<std::uint64_t>;
  struct Exchange {
    std::uint64_t number = 0;
    std::string message{};
    bool handed = false;  // the request
    bool left = false;    // the reply
    bool over = false;    // it has an end
  };
  struct Track {
    std::uint32_t process = 0;
    std::uint64_t thread = 0;

    friend bool operator==(const Track&, const Track&) = default;
  };

  void operation_begun();
  void operation_ended();
  void sent();
  void handed();
  void replied();
  void packet();
  void exchange_ended();
  void crashed();
  void node_fault(std::string_view kind, bool Node::*state);
  void node_fault_ended(std::string_view kind, bool Node::*state);
  void partitioned();
  void healed();

  [[nodiscard]] Track track(NodeNumber node);
  [[nodiscard]] Track lane(NodeNumber node, std::size_t lane);
  [[nodiscard]] std::uint32_t process_of(NodeNumber node);
  // The name has plain words and the names of a scenario.
  void tell_name(std::string_view what, Track track, std::string_view name);

  // The fields of an event besides its name and place.
  struct Rest {
    std::string_view before{};
    std::uint64_t id = 0;  // 0: none
    std::string_view after{};
    bool arguments = true;  // the fields
  };

  void event(char phase, std::string_view name, Track track, const Rest& rest);
  void place(Track track);
  void slice(std::string_view name, Track track);
  void flow(char phase, std::string_view name, Track track, std::uint64_t id);
  void instant(std::string_view name, NodeNumber node);
  void span(char phase, std::string_view name);
  [[nodiscard]] std::string operation_name() const;
  [[nodiscard]] std::string_view reply_name(const Exchange& exchange);

  const Roster* roster_;
  std::ostream* out_;
  // The line that is being taken.
  const Told* told_ = nullptr;
  std::string_view fields_;
  std::int64_t now_ = 0;
  TextBuffer text_;  // that is to be written
  bool first_ = true;
  std::string reply_name_;
  std::string room_;  // of a name that is not plain
  std::vector<Node> nodes_;
  std::unordered_map<NodeNumber, Lanes> lanes_;
  std::unordered_map<std::string, std::uint32_t> processes_;  // by region
  bool faults_told_ = false;
  // Where and when the last event is, as events say it.
  Track placed_{};
  std::int64_t placed_at_ = 0;
  TextBuffer place_;
  OpenExchanges<Exchange> exchanges_;
  std::uint64_t exchanges_begun_ = 0;
  std::vector<std::string> partitions_;  // under way
  std::uint64_t partitions_begun_ = 0;
};

}  // namespace macula::sim
