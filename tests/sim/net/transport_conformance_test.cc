// The virtual network keeps the promises of dht/transport.h, in every one of its modes.
#include "tests/conformance/transport_conformance.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "sim/net/virtual_network.h"
#include "tests/conformance/transport_faults.h"
#include "tests/conformance/transport_limits.h"

namespace macula::sim {
namespace {

struct Mode {
  bool warm = false;
  bool encoded = false;
  bool random_chunks = false;
  bool shuffled_ties = false;
  std::uint32_t loss_ppm = 0;
  std::int64_t activation_ms = 0;
};

LinkModel link_model(const Mode& mode) {
  LinkModel model;
  model.default_delay =
      Distribution::uniform(std::chrono::milliseconds(5), std::chrono::milliseconds(40));
  LinkClass link;
  link.name = "home";
  link.jitter = Distribution::uniform(Duration{0}, std::chrono::milliseconds(3));
  link.loss_ppm = mode.loss_ppm;
  model.classes.push_back(std::move(link));
  return model;
}

NetworkOptions options(const Mode& mode, std::uint64_t seed) {
  NetworkOptions options;
  options.seed = seed;
  options.warm_connections = mode.warm;
  options.encoded = mode.encoded;
  options.random_chunks = mode.random_chunks;
  options.shuffled_ties = mode.shuffled_ties;
  return options;
}

template <typename M>
class VirtualWorld {
 public:
  static constexpr Duration kTolerance{0};
  static constexpr Duration kSecond = std::chrono::seconds(1);
  static constexpr int kRandomRuns = 1'000'000;  // as many as RapidCheck wants

  VirtualWorld(std::size_t endpoints, std::uint64_t seed)
      : model_(link_model(M::mode())), network_(book_, model_, options(M::mode(), seed)) {
    for (std::size_t i = 0; i <= endpoints; ++i) {
      const auto address = static_cast<std::uint32_t>(i);
      contacts_.push_back(
          *book_.intern({dht::hash_id("node" + std::to_string(i)),
                         dht::make_ipv4(0x0b000001 + address, 9443), std::nullopt}));
      if (i == endpoints) break;  // nobody
      network_.add_node({"node" + std::to_string(i), contacts_.back(), "", "home",
                         std::chrono::milliseconds(M::mode().activation_ms)});
    }
  }

  dht::Host& host(std::size_t i) { return network_.host(number(i)); }
  dht::ContactRef contact(std::size_t i) const { return contacts_[i]; }
  dht::ContactRef nobody() const { return contacts_.back(); }
  void start(std::size_t i, dht::Guest& guest) { network_.start(number(i), guest); }
  void kill(std::size_t i) { network_.crash(number(i)); }
  // What was sent before a crash arrives after it: no less could be said of a close.
  void close(std::size_t i) { network_.crash(number(i)); }
  void pause(std::size_t i) { network_.pause(number(i)); }
  void resume(std::size_t i) { network_.resume(number(i)); }
  void cut(std::size_t from, std::size_t to) {
    network_.cut({number(from)}, {number(to)}, /*one_way=*/true);
  }
  void heal() { network_.heal(); }
  void run_for(Duration duration) { ASSERT_TRUE(network_.run_until(network_.now() + duration)); }

 private:
  static NodeNumber number(std::size_t i) { return static_cast<NodeNumber>(i); }

  dht::ContactBook book_;
  LinkModel model_;
  VirtualNetwork network_;
  std::vector<dht::ContactRef> contacts_;
};

struct Cold {
  static Mode mode() { return {}; }
};
struct Warm {
  static Mode mode() {
    Mode mode;
    mode.warm = true;
    return mode;
  }
};
struct Encoded {
  static Mode mode() {
    Mode mode;
    mode.encoded = true;
    mode.random_chunks = true;
    return mode;
  }
};
struct Lossy {
  static Mode mode() {
    Mode mode;
    mode.loss_ppm = 100'000;
    return mode;
  }
};
// Everything that makes life hard.
struct Harsh {
  static Mode mode() {
    Mode mode;
    mode.encoded = true;
    mode.shuffled_ties = true;
    mode.loss_ppm = 50'000;
    mode.activation_ms = 500;
    return mode;
  }
};

using Modes = testing::Types<VirtualWorld<Cold>, VirtualWorld<Warm>, VirtualWorld<Encoded>,
                             VirtualWorld<Lossy>, VirtualWorld<Harsh>>;

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
INSTANTIATE_TYPED_TEST_SUITE_P(Virtual, TransportLimits, sim::Modes, sim::ModeNames);

}  // namespace macula::conformance
