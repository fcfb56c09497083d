#include "sim/run/act.h"

#include "sim/scenario/placeholder.h"

namespace macula::sim {

Act::Act(Operations& operations, std::size_t step, std::uint64_t repetition, RandomStream& random)
    : operations_(operations),
      index_(step),
      step_(operations.world().scenario().steps[step]),
      repetition_(repetition),
      random_(random) {}

std::vector<NodeNumber> Act::nodes(std::string_view key) const {
  return nodes(arguments().selector(key));
}

std::vector<NodeNumber> Act::nodes(const Selector& selector) const {
  return world().select(with_number(selector, repetition_), random_);
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
