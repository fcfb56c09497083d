#include "sim/run/act.h"

#include "base/hash.h"
#include "sim/scenario/placeholder.h"

namespace macula::sim {

Act::Act(Operations& operations, std::size_t step, std::uint64_t repetition)
    : operations_(operations),
      index_(step),
      step_(operations.world().scenario().steps[step]),
      repetition_(repetition),
      draws_(mix(operations.world().seed(), step_.identity, repetition)) {}

std::vector<NodeNumber> Act::nodes(std::string_view key) const {
  return nodes(arguments().selector(key), key);
}

std::vector<NodeNumber> Act::nodes(std::string_view key, NodeNumber other) const {
  return world().select(with_number(arguments().selector(key), repetition_),
                        mix(draws_, hash_bytes(key), world().name_hash(other)));
}

std::vector<NodeNumber> Act::nodes(const Selector& selector, std::string_view part) const {
  return world().select(with_number(selector, repetition_), mix(draws_, hash_bytes(part)));
}

std::string Act::text(std::string_view key) const {
  return with_number(arguments().text(key), repetition_);
}

Occasion Act::occasion(std::string_view what, NodeNumber by) const {
  const Duration period = step_.every.value_or(Duration{0});
  return {arguments().text(what), world().name(by),
          step_.t + static_cast<Duration::rep>(repetition_) * period, repetition_};
}

std::string Act::stored(std::string_view key, std::string_view what, NodeNumber by,
                        bool is_signed) const {
  return value_of(arguments().payload(key), occasion(what, by), is_signed);
}

std::string Act::sent(std::string_view key, std::string_view what, NodeNumber by) const {
  return arguments_of(arguments().payload(key), occasion(what, by));
}

}  // namespace macula::sim
