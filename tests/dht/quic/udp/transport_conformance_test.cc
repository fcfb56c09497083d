// QUIC hosts keep the promises of dht/transport.h over real sockets, with and without a link that
// delays and loses.
#include "transport/conformance/transport_conformance.h"

#include <array>
#include <string>

#include "tests/dht/quic/udp/real_world.h"
#include "transport/conformance/transport_faults.h"
#include "transport/conformance/transport_limits.h"

namespace macula::dht::quic {
namespace {

struct Loopback {
  static RealLink link() { return {}; }
};
struct Emulated {
  static RealLink link() {
    return {std::chrono::milliseconds(1), std::chrono::milliseconds(8), 20};
  }
};

using Worlds = testing::Types<RealWorld<Loopback>, RealWorld<Emulated>>;

struct WorldNames {
  template <typename T>
  static std::string GetName(int index) {
    constexpr std::array<const char*, 2> kNames = {"Loopback", "Emulated"};
    return kNames.at(static_cast<std::size_t>(index));
  }
};

}  // namespace
}  // namespace macula::dht::quic

namespace macula::conformance {

INSTANTIATE_TYPED_TEST_SUITE_P(Real, TransportConformance, dht::quic::Worlds,
                               dht::quic::WorldNames);
INSTANTIATE_TYPED_TEST_SUITE_P(Real, TransportFaults, dht::quic::Worlds, dht::quic::WorldNames);
INSTANTIATE_TYPED_TEST_SUITE_P(Real, TransportLimits, dht::quic::Worlds, dht::quic::WorldNames);

}  // namespace macula::conformance
