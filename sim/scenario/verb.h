// A verb of [[at]]: its name, its keys and the function that carries it out. A row is all there is
// of it: reading, checking, `explain`, the documentation and the run go by it.
//
//   Verb verb;
//   verb.name = "lookup";
//   verb.about = "Looks for the nodes closest to a key.";
//   verb.example = R"({ by = "eu#0", key = "a" })";
//   verb.keys = {by_key(), {.name = "key", .type = KeyType::name, .example = R"("a")"}};
//   verb.operation = OperationInfo{.code = 7, .can_cancel = true};
//   verb.act = lookup;                            // std::size_t lookup(Act& act)
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/arguments.h"

namespace macula::sim {

class Act;  // one time that a step happens: sim/run/act.h

// The type of a key's value, and its form in `Arguments`.
enum class KeyType : std::uint8_t {
  selector,   // nodes: a Selector
  sides,      // two selectors that have no node in common: Sides
  name,       // a key or a procedure, not empty, may hold {n}: a text
  choice,     // one of `words`: a text
  boolean,    // a bool
  duration,   // a Duration, not 0
  stored,     // what is stored, a text or a size: a Payload
  arguments,  // a table that is sent as JSON, {} where it is left out: a Payload
};

struct VerbKey {
  std::string_view name{};
  KeyType type = KeyType::name;
  std::vector<std::string_view> words{};  // of a choice
  std::string_view fallback{};            // the default as TOML: `false`, `"lose"`
  std::string_view follows{};  // the key of [protocol], of the node that acts, that it defaults to
  std::string_view otherwise{};  // in words, what holds without it; these three empty: required
  std::string_view example{};    // as TOML
  std::string_view about{};      // one sentence, for the documentation

  [[nodiscard]] bool required() const {
    return type != KeyType::arguments && fallback.empty() && follows.empty() && otherwise.empty();
  }
};

// The effect of an operation on the values held under the key that it names.
enum class Effect : std::uint8_t {
  none,
  reads,  // it succeeds if a node that holds it is found
  puts,
  takes,  // it takes back what was put
};

// The operation of a verb that starts one on each node that acts. It may have a `label`.
struct OperationInfo {
  std::uint64_t code = 0;   // stands for the verb in the digest: unique in its kit, never changed
  bool can_cancel = false;  // whether it takes `cancel_after`
  Effect effect = Effect::none;
};

// How a verb is written.
enum class VerbForm : std::uint8_t {
  table,           // find = { by = .., key = .. }
  value,           // crash = "eu#0": that of its one key
  value_or_table,  // restart = "eu#0": that of its first key, or a table
};

struct Verb {
  std::string_view name{};
  VerbForm form = VerbForm::table;
  std::string_view about{};    // one sentence, for the documentation
  std::string_view remark{};   // more of it, in Markdown; empty: nothing
  std::string_view example{};  // as TOML
  std::vector<VerbKey> keys{};
  std::optional<OperationInfo> operation{};

  // The error in arguments that are each right; empty: there is none. None: there cannot be one.
  std::string (*check)(const Arguments& arguments) = nullptr;
  // Does it, once. Returns how many nodes it hit: a step that never hits any is an error.
  std::size_t (*act)(Act& act) = nullptr;
  // The target that a step that hit nobody looked for; {by} is the text in the file under `by`.
  // Where there is a `to`, it may be that which selected nobody.
  std::string_view in_vain = "found no node of `{by}` up";
  // Whether a step needs to see each message of the run. None: never.
  bool (*watches_messages)(const Arguments& arguments) = nullptr;
};

// The key that says who acts.
inline constexpr std::string_view kByKey = "by";
[[nodiscard]] inline VerbKey by_key() {
  return {.name = kByKey,
          .type = KeyType::selector,
          .example = "\"any(eu)\"",
          .about = "Who does it; each of several nodes does."};
}

}  // namespace macula::sim
