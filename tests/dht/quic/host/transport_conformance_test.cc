// QUIC hosts keep the promises of dht/transport.h, in virtual time.
#include "transport/conformance/transport_conformance.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dht/quic/host/quic_host.h"
#include "tests/conformance/macula_words.h"
#include "tests/dht/quic/host/virtual_wire.h"
#include "transport/conformance/transport_faults.h"
#include "transport/conformance/transport_limits.h"

namespace macula::dht::quic {
namespace {

// Each endpoint has a book of its own: a contact is the same handle in all, since all know the same
// contacts in the same order.
template <typename Loss>
class WireWorld {
 public:
  using Words = conformance::MaculaWords;
  static constexpr Duration kTolerance{0};
  static constexpr Duration kSecond = std::chrono::seconds(1);
  static constexpr int kRandomRuns = 1'000'000;  // as many as RapidCheck wants

  WireWorld(std::size_t endpoints, std::uint64_t seed)
      : wire_({.lost_per_mille = Loss::kPerMille}, seed) {
    for (std::size_t i = 0; i < endpoints; ++i) {
      members_.push_back(std::make_unique<Member>(i, seed));
      wire_.add(endpoint(i));
    }
    for (auto& member : members_) {
      for (std::size_t i = 0; i < endpoints; ++i) {
        contacts_.push_back(
            *member->book.intern({members_[i]->credentials.id(), endpoint(i), std::nullopt}));
      }
      nobody_ = *member->book.intern({hash_id("nobody"), endpoint(endpoints), std::nullopt});
    }
  }

  Host& host(std::size_t i) {
    Member& member = *members_[i];
    if (member.up) return *member.host;
    member.former.push_back(std::move(member.host));
    HostConfig config;
    config.engine.static_secret.assign(32, static_cast<char>(i));
    member.host = std::make_unique<QuicHost>(member.book, contacts_[i], member.credentials, config,
                                             member.random, wire_.now());
    member.up = true;
    return *member.host;
  }
  ContactRef contact(std::size_t i) const { return contacts_[i]; }
  ContactRef nobody() const { return nobody_; }
  Endpoint endpoint(ContactRef contact) const { return members_[0]->book.endpoint(contact); }
  void start(std::size_t i, Guest& guest) {
    members_[i]->host->start(guest);
    wire_.plug(i, members_[i]->host.get());
  }
  void kill(std::size_t i) {
    wire_.plug(i, nullptr);
    wire_.resume(i);
    members_[i]->up = false;
  }
  void close(std::size_t i) { members_[i]->host->close(wire_.now(), std::chrono::seconds(10)); }
  void pause(std::size_t i) { wire_.pause(i); }
  void resume(std::size_t i) { wire_.resume(i); }
  void cut(std::size_t from, std::size_t to) { wire_.cut(from, to); }
  void heal() { wire_.heal(); }
  void run_for(Duration duration) {
    wire_.run_until(wire_.now() + duration);
    for (auto& member : members_) {
      if (member->up) member->host->check_invariants();
    }
  }

 private:
  struct Member {
    Member(std::size_t i, std::uint64_t seed)
        : credentials(credentials_of(i + 1)), random(seed * 1000 + i) {}
    ContactBook book;
    Credentials credentials;
    SeededRandom random;
    std::unique_ptr<QuicHost> host;
    std::vector<std::unique_ptr<QuicHost>> former;  // guests of former lives may still call them
    bool up = false;
  };
  static Endpoint endpoint(std::size_t i) {
    return make_ipv4(0x0b000001 + static_cast<std::uint32_t>(i), 9443);
  }

  VirtualWire wire_;
  std::vector<std::unique_ptr<Member>> members_;
  std::vector<ContactRef> contacts_;
  ContactRef nobody_{};
};

struct NoLoss {
  static constexpr std::uint64_t kPerMille = 0;
};
struct SomeLoss {
  static constexpr std::uint64_t kPerMille = 50;
};

using Worlds = testing::Types<WireWorld<NoLoss>, WireWorld<SomeLoss>>;

struct WorldNames {
  template <typename T>
  static std::string GetName(int index) {
    constexpr std::array<const char*, 2> kNames = {"Clean", "Lossy"};
    return kNames.at(static_cast<std::size_t>(index));
  }
};

}  // namespace
}  // namespace macula::dht::quic

namespace macula::conformance {

INSTANTIATE_TYPED_TEST_SUITE_P(Quic, TransportConformance, dht::quic::Worlds,
                               dht::quic::WorldNames);
INSTANTIATE_TYPED_TEST_SUITE_P(Quic, TransportFaults, dht::quic::Worlds, dht::quic::WorldNames);
INSTANTIATE_TYPED_TEST_SUITE_P(Quic, TransportLimits, dht::quic::Worlds, dht::quic::WorldNames);

}  // namespace macula::conformance
