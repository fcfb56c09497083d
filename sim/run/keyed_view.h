// The view from outside of a protocol whose nodes are near to keys and hold values (Kit::keyed):
// for traces and for the story of one operation.
//
//   const KeyedView* keyed = community.keyed();       // nullptr: it knows no keys
//   const std::string id = keyed->id_of("key", "sensor-17");
//   keyed->holds(node, id);
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/net/link.h"

namespace macula::sim {

class KeyedView {
 public:
  virtual ~KeyedView() = default;

  // The id in messages for a name in a step: hexadecimal digits. `key`: the verb's key under which
  // the name stands ("key", "procedure").
  [[nodiscard]] virtual std::string id_of(std::string_view key, std::string_view name) const = 0;
  // Bits that the node's id has in common with this one, from the first on.
  [[nodiscard]] virtual unsigned shared_bits(NodeNumber node, std::string_view id) const = 0;
  // Whether the node is up and would answer with a value under the id, now.
  [[nodiscard]] virtual bool holds(NodeNumber node, std::string_view id) const = 0;
  // Under how many ids a node that is up holds values that others may ask for.
  [[nodiscard]] virtual std::size_t held(NodeNumber node) const = 0;
};

}  // namespace macula::sim
