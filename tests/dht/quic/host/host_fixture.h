// QUIC hosts with scripted guests on a wire in virtual time, each set up as its test wants.
//
//   HostTown town;
//   Resident& a = town.settle(1);                    // key and port from the number
//   Resident& b = town.settle(2, config);
//   a.guest->ask(a.contact(b), timeout);
//   town.run(std::chrono::seconds(1));
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "tests/conformance/scripted_guest.h"
#include "tests/dht/quic/host/virtual_wire.h"

namespace macula::dht::quic {

struct Resident {
  Resident(std::uint16_t number, const HostConfig& config, const std::optional<NodeId>& claimed,
           VirtualWire& wire)
      : endpoint(make_ipv4(0x0b000000U + number, 9443)),
        credentials(credentials_of(number)),
        random(number) {
    self = *book.intern({claimed.value_or(credentials.id()), endpoint, std::nullopt});
    host = std::make_unique<QuicHost>(book, self, credentials, config, random, wire.now());
    guest = std::make_unique<conformance::ScriptedGuest>(*host);
    host->start(*guest);
    host->on_identity_refused([this](const IdentityRefused& each) { refused.push_back(each); });
    place = wire.add(endpoint);
    wire.plug(place, host.get());
  }

  ContactRef contact(const Resident& other) {
    return *book.intern({other.book.id(other.self), other.endpoint, std::nullopt});
  }
  ContactRef contact(const NodeId& id, const Endpoint& at) {
    return *book.intern({id, at, std::nullopt});
  }

  Endpoint endpoint;
  ContactBook book;
  Credentials credentials;
  SeededRandom random;
  ContactRef self{};
  std::unique_ptr<QuicHost> host;
  std::unique_ptr<conformance::ScriptedGuest> guest;
  std::vector<IdentityRefused> refused;
  std::size_t place = 0;
};

class HostTown {
 public:
  explicit HostTown(const VirtualLink& link = {}, std::uint64_t seed = 1) : wire(link, seed) {}

  Resident& settle(std::uint16_t number, const HostConfig& config = {},
                   const std::optional<NodeId>& claimed = std::nullopt) {
    residents_.push_back(std::make_unique<Resident>(number, config, claimed, wire));
    return *residents_.back();
  }
  void run(Duration duration) {
    wire.run_until(wire.now() + duration);
    for (auto& each : residents_) each->host->check_invariants();
  }

  VirtualWire wire;

 private:
  std::vector<std::unique_ptr<Resident>> residents_;
};

}  // namespace macula::dht::quic
