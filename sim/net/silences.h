// When two nodes could not hear each other: one was down or held still, or the way between them was
// cut. The fate meanwhile of a connection that nobody used.
//
//   silences.begin(node, Silence::Kind::crash, now);
//   silences.end(node, now);
//   silences.begin_rule(number, rule, now);             // of the medium
//   silences.end_rule(number, now);
//   const KeptAlive kept = kept_alive(idle, silences.between(a, b, since));
//
// Both ends of a connection ask for a sign of life after 20 s without a word, and give it up when
// they hear nothing for a minute. These packets are no events of their own. A node that wants to
// use the connection again finds out their result: so a node that goes away costs nothing, however
// many had a connection with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "sim/net/link.h"
#include "sim/net/rule.h"

namespace macula::sim {

struct Silence {
  enum class Kind : std::uint8_t { cut, pause, crash };

  Kind kind;
  Time from;
  Time to = kTimeMax;  // without it

  [[nodiscard]] bool covers(Time time) const { return from <= time && time < to; }
};

class Silences {
 public:
  // A node crashes or is held still; it has started again or goes on.
  void begin(NodeNumber node, Silence::Kind kind, Time now);
  void end(NodeNumber node, Time now);
  // A rule of the medium stands, and stands no more. One way is as good as both: whatever passes is
  // not answered.
  void begin_rule(std::size_t number, std::shared_ptr<const Rule> rule, Time now);
  void end_rule(std::size_t number, Time now);

  // Those of two nodes and of the way between them that last longer than until `since`.
  [[nodiscard]] std::vector<Silence> between(NodeNumber a, NodeNumber b, Time since) const;

 private:
  struct Ruled {
    std::size_t number;
    std::shared_ptr<const Rule> rule;
    Silence silence;

    [[nodiscard]] bool between(NodeNumber a, NodeNumber b) const {
      return rule->parts(a, b) || rule->parts(b, a);
    }
  };

  std::unordered_map<NodeNumber, std::vector<Silence>> of_nodes_;
  std::vector<Ruled> standing_;
  std::vector<Ruled> ended_;  // in the order in which they ended
};

// A connection on which nobody speaks, and nothing is under way.
struct Idle {
  Time spoken;  // last
  Time now;
  Duration round_trip;
  Duration probe_timeout;
  bool resets;  // its peer knows how to tell that it has begun a new life
};

struct KeptAlive {
  enum class State : std::uint8_t { alive, asking, ended };

  State state = State::alive;
  // Where an answer is still awaited: since when; and what has been done about it.
  Time since{};
  Time last_sent{};
  unsigned probes = 0;
};

[[nodiscard]] KeptAlive kept_alive(const Idle& idle, const std::vector<Silence>& silences);

}  // namespace macula::sim
