// A network of QUIC hosts keeps the promises of dht/transport.h, in virtual time.
#include "transport/conformance/transport_conformance.h"

#include <array>
#include <string>

#include "tests/conformance/network_world.h"
#include "transport/conformance/transport_faults.h"

namespace macula::sim {
namespace {

struct Lossy {
  static NetworkMode mode() {
    NetworkMode mode = InVirtualQuic::mode();
    mode.loss_ppm = 25'000;
    return mode;
  }
};
struct Idle {
  static NetworkMode mode() {
    NetworkMode mode = InVirtualQuic::mode();
    mode.activation_ms = 500;
    mode.shuffled_ties = true;
    return mode;
  }
};

using Modes = testing::Types<NetworkWorld<InVirtualQuic>, NetworkWorld<Lossy>, NetworkWorld<Idle>>;

struct ModeNames {
  template <typename T>
  static std::string GetName(int index) {
    constexpr std::array<const char*, 3> kNames = {"Clean", "Lossy", "Idle"};
    return kNames.at(static_cast<std::size_t>(index));
  }
};

}  // namespace
}  // namespace macula::sim

namespace macula::conformance {

INSTANTIATE_TYPED_TEST_SUITE_P(VirtualQuic, TransportConformance, sim::Modes, sim::ModeNames);
INSTANTIATE_TYPED_TEST_SUITE_P(VirtualQuic, TransportFaults, sim::Modes, sim::ModeNames);

}  // namespace macula::conformance
