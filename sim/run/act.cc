#include "sim/run/act.h"

#include "base/hash.h"
#include "sim/scenario/placeholder.h"

namespace macula::sim {

Act::Act(Operations& operations, const Turn& turn)
    : operations_(operations),
      turn_(turn),
      step_(operations.world().scenario().steps[turn.step]),
      draws_(mix(operations.world().seed(), step_.identity, turn.repetition)) {
  if (turn.client != kNoNode) draws_ = mix(draws_, world().name_hash(turn.client));
}

std::vector<NodeNumber> Act::nodes(std::string_view key) const {
  return nodes(arguments().selector(key), key);
}

std::vector<NodeNumber> Act::nodes(std::string_view key, NodeNumber other) const {
  if (turn_.client != kNoNode && key == kByKey) return {turn_.client};
  return world().select(with_number(arguments().selector(key), turn_.repetition),
                        mix(draws_, hash_bytes(key), world().name_hash(other)));
}

std::vector<NodeNumber> Act::nodes(const Selector& selector, std::string_view part) const {
  if (turn_.client != kNoNode && part == kByKey) return {turn_.client};
  return world().select(with_number(selector, turn_.repetition), mix(draws_, hash_bytes(part)));
}

std::uint64_t Act::draws(std::string_view key, NodeNumber by, bool own) const {
  return mix(draws_, hash_bytes(key), own ? world().name_hash(by) : 0);
}

std::string Act::filled(const std::string& text, std::uint64_t draws) const {
  return operations_.filler().fill(text, {turn_.repetition, draws});
}

std::string Act::text(std::string_view key, NodeNumber by) const {
  return filled(arguments().text(key), draws(key, by, true));
}

std::string Act::subject(std::string_view what, NodeNumber by, bool own) const {
  std::string subject = text(what, by) + '/';
  if (own) subject += world().name(by);
  return subject.append(1, '/').append(std::to_string((turn_.time - kTimeZero).count()));
}

std::string Act::stored(std::string_view key, std::string_view what, NodeNumber by,
                        bool is_signed) const {
  const Payload& payload = arguments().payload(key);
  const std::uint64_t drawn = draws(key, by, is_signed);
  if (payload.bytes == 0) return filled(payload.text, drawn);
  return made_up(payload.size(draw(drawn)), subject(what, by, is_signed));
}

std::string Act::sent(std::string_view key, std::string_view what, NodeNumber by) const {
  const Payload& payload = arguments().payload(key);
  const std::uint64_t drawn = draws(key, by, true);
  if (payload.bytes == 0) return filled(payload.text, drawn);
  return made_up_json(payload.size(draw(drawn)), subject(what, by, true));
}

}  // namespace macula::sim
