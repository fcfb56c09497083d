#include "sim/macula/keyed.h"

#include "base/check.h"
#include "dht/contact/node_id.h"
#include "dht/record/provider.h"
#include "sim/macula/community.h"

namespace macula::sim {
namespace {

dht::NodeId parsed(std::string_view id) {
  const auto read = dht::id_from_hex(id);
  MACULA_CHECK(read.has_value());
  return *read;
}

}  // namespace

std::string MaculaKeys::id_of(std::string_view key, std::string_view name) const {
  return dht::id_to_hex(key == "procedure" ? dht::service_key(std::string(name))
                                           : dht::normalize(name));
}

unsigned MaculaKeys::shared_bits(NodeNumber node, std::string_view id) const {
  return static_cast<unsigned>(
      dht::bucket_index(community_->book().id(community_->contact(node)), parsed(id)));
}

bool MaculaKeys::holds(NodeNumber node, std::string_view id) const {
  if (!community_->up(node)) return false;
  const dht::Key key = parsed(id);
  const Time now = community_->network().now();
  dht::Node& held = community_->node(node);
  return held.records().holds(key, now) || held.storage().copies().serves(key, now);
}

std::size_t MaculaKeys::held(NodeNumber node) const {
  return community_->node(node).records().size();
}

}  // namespace macula::sim
