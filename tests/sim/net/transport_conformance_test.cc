// The virtual network keeps the promises of dht/transport.h, in every one of its modes.
#include "transport/conformance/transport_conformance.h"

#include <array>
#include <string>

#include "tests/conformance/network_world.h"
#include "transport/conformance/transport_faults.h"
#include "transport/conformance/transport_limits.h"

namespace macula::sim {
namespace {

struct Warm {
  static NetworkMode mode() {
    NetworkMode mode;
    mode.warm = true;
    return mode;
  }
};
struct Encoded {
  static NetworkMode mode() {
    NetworkMode mode;
    mode.encoded = true;
    mode.random_chunks = true;
    return mode;
  }
};
struct Lossy {
  static NetworkMode mode() {
    NetworkMode mode;
    mode.loss_ppm = 100'000;
    return mode;
  }
};
// Everything that makes life hard.
struct Harsh {
  static NetworkMode mode() {
    NetworkMode mode;
    mode.encoded = true;
    mode.shuffled_ties = true;
    mode.loss_ppm = 50'000;
    mode.activation_ms = 500;
    return mode;
  }
};

// With a tenth lost at each end, 900 kB take minutes then, and the suite of limits gives them
// less.
struct LessLossy {
  static NetworkMode mode() {
    NetworkMode mode = Lossy::mode();
    mode.loss_ppm = 10'000;
    return mode;
  }
};
struct LessHarsh {
  static NetworkMode mode() {
    NetworkMode mode = Harsh::mode();
    mode.loss_ppm = 20'000;
    return mode;
  }
};

using Modes = testing::Types<NetworkWorld<InVirtual>, NetworkWorld<Warm>, NetworkWorld<Encoded>,
                             NetworkWorld<Lossy>, NetworkWorld<Harsh>>;
using ModesOfLimits =
    testing::Types<NetworkWorld<InVirtual>, NetworkWorld<Warm>, NetworkWorld<Encoded>,
                   NetworkWorld<LessLossy>, NetworkWorld<LessHarsh>>;

struct ModeNames {
  template <typename T>
  static std::string GetName(int index) {
    constexpr std::array<const char*, 5> kNames = {"Cold", "Warm", "Encoded", "Lossy", "Harsh"};
    return kNames.at(static_cast<std::size_t>(index));
  }
};

}  // namespace
}  // namespace macula::sim

namespace macula::conformance {

INSTANTIATE_TYPED_TEST_SUITE_P(Virtual, TransportConformance, sim::Modes, sim::ModeNames);
INSTANTIATE_TYPED_TEST_SUITE_P(Virtual, TransportFaults, sim::Modes, sim::ModeNames);
INSTANTIATE_TYPED_TEST_SUITE_P(Virtual, TransportLimits, sim::ModesOfLimits, sim::ModeNames);

}  // namespace macula::conformance
