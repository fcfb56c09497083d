#include "dht/protocol.h"

namespace macula::dht {

std::optional<Protocol> find_profile(std::string_view name) {
  if (name == "kademlia") return Protocol{};
  if (name == "macula-0.8") {
    Protocol protocol;
    protocol.sequential = true;
    protocol.widen = false;
    protocol.deliver_at_max_hops = false;
    protocol.adaptive_timeouts = false;
    protocol.stop = StopRule::no_change;
    protocol.placement = Placement::table;
    protocol.route = RouteRule::any;
    protocol.refresh_on_join = false;
    protocol.evict = false;
    protocol.maintenance = false;
    protocol.expiry = false;
    protocol.sign_providers = false;
    protocol.discover_beyond_own = false;
    protocol.hand_over = false;
    protocol.leave_copies = false;
    protocol.record_bytes = std::uint64_t{1} << 20;
    protocol.origin_share_ppm = 1'000'000;
    return protocol;
  }
  return std::nullopt;
}

const std::vector<std::string_view>& profile_names() {
  static const std::vector<std::string_view> names = {"kademlia", "macula-0.8"};
  return names;
}

}  // namespace macula::dht
