#include "sim/net/dials.h"

#include <algorithm>

#include "base/check.h"
#include "base/hash.h"
#include "sim/engine/distribution.h"
#include "sim/net/quic_model.h"

namespace macula::sim {

Duration dial_pause(std::uint32_t failures, std::uint64_t random) {
  Duration pause = quic_model::kFirstBackoff;
  for (std::uint32_t i = 0; i < failures && pause < quic_model::kLongestBackoff; ++i) {
    pause = std::min(2 * pause, quic_model::kLongestBackoff);
  }
  return pause + Distribution::uniform(Duration{0}, pause / 2).sample(random);
}

std::uint32_t Dials::find(NodeNumber from, NodeNumber to) const {
  return index_.find(key(from, to), [&](std::uint32_t slot) {
    return dials_[slot].from == from && dials_[slot].to == to;
  });
}

std::uint32_t Dials::add(LivingNode from, NodeNumber to) {
  const std::uint32_t slot = dials_.allocate();
  dials_[slot].from = from.node;
  dials_[slot].to = to;
  dials_[slot].life = from.life;
  index_.add(key(from.node, to), slot);
  return slot;
}

void Dials::remove(std::uint32_t slot) {
  const Dial& dial = dials_[slot];
  MACULA_CHECK(dial.waiting.empty());
  index_.remove(key(dial.from, dial.to), slot);
  dials_.release(slot);
}

}  // namespace macula::sim
