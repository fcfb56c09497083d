// The story of one operation: what it asked of whom, and, where it is about a key, what became of
// what was stored there. Collected from a trace (docs/traces.md) and by looks at the world from
// outside; nothing here knows a protocol.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sim/scenario/verb.h"

namespace macula::sim {

// An operation, as it stands in a trace.
struct StoryOperation {
  std::string name;  // "eu#3/2"
  std::string verb;
  Effect effect = Effect::none;
  std::string by;
  std::string label;
  std::vector<std::pair<std::string, std::string>> names;  // as in `key`, `procedure`
  std::string id;  // of what it names, on the wire; empty: nothing
  Time begun{};
  Time ended{};
  std::string outcome;  // "ok", or an error code
};

// One message that the operation's node sent for it.
struct StoryRequest {
  Time sent{};
  std::string to;   // empty: nobody is there
  std::string via;  // a gateway that passes it on; empty: none
  std::string message;
  std::string hash;                     // of its content
  std::optional<unsigned> shared_bits;  // of the asked node's id and the key
  // Its fate.
  std::map<std::string, std::size_t> there;  // its packets, by fate
  std::map<std::string, std::size_t> back;
  std::optional<Time> handed;
  bool one_way = false;  // known once it is handed: nobody answers it
  std::optional<Time> answered;
  std::optional<Time> failed;
  std::string reason;  // of that
  std::optional<Time> cancelled;
  std::string answer;  // what stands in it: "holds the value"
  std::string error;   // that it is
};

// A node that held what stands under the key.
struct StoryCopy {
  std::string node;
  Time from{};
  std::optional<Time> to;  // nothing: it holds it still at the operation's end
  bool crashed = false;    // that ended it
};

// The state of things at the operation's end.
struct StoryEnd {
  std::size_t contacts = 0;              // that its node knows
  std::map<std::string, unsigned> bits;  // of nodes that were asked, or hold it
  // Holders that were cut off from its node all the while, or whose packets were cut.
  std::vector<std::string> cut_off;
};

struct Story {
  StoryOperation operation;
  std::vector<StoryRequest> requests;
  std::size_t by_others = 0;  // requests of other nodes on account of it
  // Packets of the handshakes that it brought about, by node and fate.
  std::map<std::string, std::map<std::string, std::size_t>> dials;
  std::vector<StoryOperation> writes;  // of the same key, up to its end
  std::vector<StoryCopy> copies;
  StoryEnd end;
  Duration look_every{0};  // copies are looked at so often
  // By node, when it crashed (false) and came back (true).
  using Turns = std::map<std::string, std::vector<std::pair<Time, bool>>>;
  Turns lives;
  Turns pauses;  // when it was held still (false) and went on (true)

  // When the node, which is down then, had gone down; nothing: it was up, or never had been.
  [[nodiscard]] std::optional<Time> down_since(const std::string& node, Time at) const;
  // The same of one that is held still.
  [[nodiscard]] std::optional<Time> paused_since(const std::string& node, Time at) const;
  // Its first crash after one instant and not after another.
  [[nodiscard]] std::optional<Time> crashed_between(const std::string& node, Time after,
                                                    Time until) const;
  // How long it was held still from one instant to another.
  [[nodiscard]] Duration paused_between(const std::string& node, Time from, Time to) const;
  [[nodiscard]] bool ok() const { return operation.outcome == "ok"; }
  [[nodiscard]] std::vector<const StoryCopy*> holders() const;  // at its end
  // Whether the node held it then.
  [[nodiscard]] bool held(const std::string& node, Time at) const;
  // The last answer, of a node that held it where one did; nullptr: there was none.
  [[nodiscard]] const StoryRequest* last_answered() const;
};

}  // namespace macula::sim
