// The arguments of a step, by key: typed as the keys of its verb are (sim/scenario/verb.h), with
// every default filled in.
//
//   const Selector& by = step.arguments.selector("by");
//   if (step.arguments.flag("local")) ...
//
// To ask for a key that has no value, or one of another type, is a bug of the program.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "sim/scenario/payload.h"
#include "sim/scenario/selector.h"

namespace macula::sim {

// Two sets of nodes that a step sets against each other.
struct Sides {
  Selector a;
  Selector b;
};

using Argument = std::variant<bool, Duration, std::string, Selector, Sides, Payload>;

class Arguments {
 public:
  // Replaces what stands there. `key` stays where it is: it is a verb's.
  void set(std::string_view key, Argument value);

  // Nothing where the key is optional and was left out.
  [[nodiscard]] const Argument* find(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }

  [[nodiscard]] bool flag(std::string_view key) const;
  [[nodiscard]] std::optional<Duration> duration(std::string_view key) const;
  [[nodiscard]] const std::string& text(std::string_view key) const;  // or a choice's word
  [[nodiscard]] const Selector& selector(std::string_view key) const;
  [[nodiscard]] const Sides& sides(std::string_view key) const;
  [[nodiscard]] const Payload& payload(std::string_view key) const;

 private:
  template <typename T>
  const T& get(std::string_view key) const;

  std::vector<std::pair<std::string_view, Argument>> values_;
};

}  // namespace macula::sim
