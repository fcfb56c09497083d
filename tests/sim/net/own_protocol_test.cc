// The virtual network carries messages that it has never heard of, and keeps the promises of
// transport/host.h with them.
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "sim/net/virtual_network_parts.h"
#include "tests/conformance/network_world.h"
#include "transport/conformance/transport_conformance.h"
#include "transport/conformance/transport_faults.h"
#include "transport/conformance/transport_limits.h"

namespace macula::sim {
namespace {

using conformance::Saying;

// The smallest protocol: its messages are what the suites say.
struct SayingWords {
  using Message = Saying;
  static constexpr std::size_t kLarge = 900'000;
  static constexpr std::size_t kTooLarge = 1'000'000;

  static Saying say(const Saying& saying) { return saying; }
  static Saying hear(const Saying& saying) { return saying; }
};

class SayingCodec {
 public:
  static constexpr std::size_t kLargest = 1'000'000;

  [[nodiscard]] std::size_t size(const Saying& saying) const {
    return kHeader + saying.text.size();
  }
  [[nodiscard]] std::uint64_t fingerprint(const Saying& saying) const {
    return hash_bytes(encode(saying), 1);
  }
  [[nodiscard]] std::string_view name(const Saying& saying) const {
    constexpr std::array<std::string_view, 3> kNames = {"question", "answer", "notice"};
    return kNames.at(static_cast<std::size_t>(saying.kind));
  }
  // There is no stream to be cut: a saying comes whole.
  bool recode(Saying& saying, transport::Peer, std::optional<std::uint64_t>) const {
    const std::string bytes = encode(saying);
    saying = {};
    saying.kind = static_cast<Saying::Kind>(bytes[0]);
    std::memcpy(&saying.number, bytes.data() + 1, sizeof(saying.number));
    saying.text = bytes.substr(kHeader);
    return true;
  }
  [[nodiscard]] Saying greeting(transport::Peer self) const {
    return {Saying::Kind::notice, static_cast<std::uint64_t>(self)};
  }

 private:
  static constexpr std::size_t kHeader = 1 + sizeof(Saying::number);

  static std::string encode(const Saying& saying) {
    std::string bytes(kHeader, static_cast<char>(saying.kind));
    std::memcpy(bytes.data() + 1, &saying.number, sizeof(saying.number));
    return bytes + saying.text;
  }
};

// A name in place of a key: nobody proves anything here.
struct NameKey {
  std::string name;

  [[nodiscard]] transport::Identity id() const { return {{hash_bytes(name, 2), 0, 0, 0}}; }
  [[nodiscard]] std::string seed() const { return {}; }
};

template <typename M>
class SayingWorld : public NetworkWorldOf<SayingWords, transport::PeerBook> {
 public:
  SayingWorld(std::size_t endpoints, std::uint64_t seed)
      : NetworkWorldOf(M::mode(), endpoints, seed, make_network,
                       [](const std::string& name) { return NameKey{name}; }) {}

 private:
  static std::unique_ptr<NetworkOf<Saying>> make_network(transport::PeerBook& book,
                                                         const LinkModel& links,
                                                         const NetworkOptions& options) {
    return std::make_unique<VirtualNetwork<Saying, SayingCodec>>(book, links, options);
  }
};

struct HarshSaying {
  static NetworkMode mode() {
    NetworkMode mode;
    mode.encoded = true;
    mode.shuffled_ties = true;
    mode.loss_ppm = 20'000;
    mode.activation_ms = 500;
    return mode;
  }
};

using SayingModes = testing::Types<SayingWorld<InVirtual>, SayingWorld<HarshSaying>>;

struct SayingModeNames {
  template <typename T>
  static std::string GetName(int index) {
    constexpr std::array<const char*, 2> kNames = {"Plain", "Harsh"};
    return kNames.at(static_cast<std::size_t>(index));
  }
};

}  // namespace
}  // namespace macula::sim

namespace macula::conformance {

INSTANTIATE_TYPED_TEST_SUITE_P(OwnProtocol, TransportConformance, sim::SayingModes,
                               sim::SayingModeNames);
INSTANTIATE_TYPED_TEST_SUITE_P(OwnProtocol, TransportFaults, sim::SayingModes,
                               sim::SayingModeNames);
INSTANTIATE_TYPED_TEST_SUITE_P(OwnProtocol, TransportLimits, sim::SayingModes,
                               sim::SayingModeNames);

}  // namespace macula::conformance
