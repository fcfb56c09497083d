// The view of Macula's keys from outside: sim/run/keyed_view.h.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/run/keyed_view.h"

namespace macula::sim {

class MaculaCommunity;

class MaculaKeys final : public KeyedView {
 public:
  explicit MaculaKeys(MaculaCommunity& community) : community_(&community) {}

  // A procedure stands under the key of its providers, anything else under that of its name.
  [[nodiscard]] std::string id_of(std::string_view key, std::string_view name) const override;
  [[nodiscard]] unsigned shared_bits(NodeNumber node, std::string_view id) const override;
  // Copies that finders have left there are served, too.
  [[nodiscard]] bool holds(NodeNumber node, std::string_view id) const override;
  [[nodiscard]] std::size_t held(NodeNumber node) const override;

 private:
  MaculaCommunity* community_;
};

}  // namespace macula::sim
