// The content of a trace, in numbers, and a form in which somebody writes it: docs/traces.md has
// the kinds, and what they say.
//
//   class Counter final : public TraceForm {
//     void take(const Told& told, std::string_view fields) override { ++told_; }
//   };
//   options.trace_form = &counter;                  // of a run: sim/run/run.h
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sim/net/observer.h"

namespace macula::sim {

struct Operation;

// The kinds of things told. The events have the order of EventKind.
enum class ToldKind : std::uint8_t {
  begun,
  ended,
  sent,
  packet,
  cancelled,
  request,
  reply,
  message,
  failure,
  timer,
  connected,
  retransmit,
  crash,
  restart,
  pause,
  resume,
  partition,
  heal,
  operation,
  maintenance,
};
inline constexpr std::size_t kToldKinds = 20;
static_assert(static_cast<std::size_t>(ToldKind::maintenance) + 1 == kToldKinds);

[[nodiscard]] ToldKind told_kind(EventKind kind);
[[nodiscard]] std::string_view told_name(ToldKind kind);

struct Told {
  Time time{};
  ToldKind kind{};
  NodeNumber from = kNoNode;
  NodeNumber to = kNoNode;
  Origin origin{};
  Passage fate = Passage::sent;          // of packet
  std::string_view message{};            // its name: of sent, request, reply and message
  std::string_view chore{};              // of maintenance
  const Operation* operation = nullptr;  // of begun and ended
  std::uint32_t count = 0;               // likewise: how many its node has begun with it
};

class TraceForm {
 public:
  // Whether take() is to be given the fields of this one.
  [[nodiscard]] virtual bool wants_fields(const Told&) const { return false; }
  // In order. `fields`: all but `t` and `kind`, as they stand in the line of JSON; where they are
  // not wanted they may be empty.
  virtual void take(const Told& told, std::string_view fields) = 0;
  // The run is over, after so many events. `whole`: as planned.
  virtual void end(Time /*now*/, bool /*whole*/, std::uint64_t /*events*/) {}

 protected:
  ~TraceForm() = default;
};

}  // namespace macula::sim
