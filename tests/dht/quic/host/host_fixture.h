// QUIC hosts with scripted guests on a wire in virtual time, each set up as its test wants.
//
//   HostTown town;
//   Resident& a = town.settle(1);                    // key and port from the number
//   Resident& b = town.settle(2, config);
//   Resident& hidden = town.settle_behind(a, 3);     // a is its gateway
//   a.guest->ask(a.contact(b), timeout);
//   town.run(std::chrono::seconds(1));
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "tests/conformance/macula_words.h"
#include "tests/dht/quic/host/virtual_wire.h"

namespace macula::dht::quic {

struct Resident {
  Resident(std::uint16_t number, const HostConfig& given, const std::optional<NodeId>& claimed,
           const Resident* gateway, VirtualWire& on)
      : endpoint(make_ipv4(0x0b000000U + number, 9443)),
        credentials(credentials_of(number)),
        random(number),
        config(given),
        wire(&on) {
    Contact contact{claimed.value_or(credentials.id()), endpoint, std::nullopt};
    if (gateway != nullptr) {
      contact.endpoint = gateway->endpoint;
      contact.relay = gateway->credentials.id();
    }
    self = *book.intern(contact);
    if (config.engine.static_secret.empty()) {
      config.engine.static_secret.assign(32, static_cast<char>(number));
    }
    place = wire->add(endpoint);
    live();
  }

  void live() {
    host = std::make_unique<QuicHost>(book, self, credentials, config, random, wire->now());
    guest = std::make_unique<conformance::MaculaGuest>(*host);
    host->start(*guest);
    host->on_identity_refused([this](const IdentityRefused& each) { refused.push_back(each); });
    wire->plug(place, host.get());
  }
  // Its process is killed; live() begins the next life.
  void die() {
    wire->plug(place, nullptr);
    guest.reset();
    host.reset();
  }
  // The next life is another node's, with the key of that number, at the same endpoint.
  void live_as(std::uint16_t number) {
    credentials = credentials_of(number);
    config.engine.static_secret.assign(32, static_cast<char>(number));
    self = *book.intern({credentials.id(), endpoint, std::nullopt});
    live();
  }
  ContactRef contact(const Resident& other) { return *book.intern(other.book.contact(other.self)); }
  ContactRef contact(const NodeId& id, const Endpoint& at) {
    return *book.intern({id, at, std::nullopt});
  }

  Endpoint endpoint;
  ContactBook book;
  Credentials credentials;
  SeededRandom random;
  ContactRef self{};
  std::unique_ptr<QuicHost> host;
  std::unique_ptr<conformance::MaculaGuest> guest;
  std::vector<IdentityRefused> refused;
  std::size_t place = 0;
  HostConfig config;
  VirtualWire* wire;
};

inline std::size_t connections(const Resident& resident) {
  return resident.host->engine().connections();
}

class HostTown {
 public:
  explicit HostTown(const VirtualLink& link = {}, std::uint64_t seed = 1) : wire(link, seed) {}

  Resident& settle(std::uint16_t number, const HostConfig& config = {},
                   const std::optional<NodeId>& claimed = std::nullopt) {
    residents_.push_back(std::make_unique<Resident>(number, config, claimed, nullptr, wire));
    return *residents_.back();
  }
  Resident& settle_behind(const Resident& gateway, std::uint16_t number,
                          const HostConfig& config = {}) {
    residents_.push_back(std::make_unique<Resident>(number, config, std::nullopt, &gateway, wire));
    return *residents_.back();
  }
  void run(Duration duration) {
    wire.run_until(wire.now() + duration);
    for (auto& each : residents_) {
      if (each->host != nullptr) each->host->check_invariants();
    }
  }

  VirtualWire wire;

 private:
  std::vector<std::unique_ptr<Resident>> residents_;
};

}  // namespace macula::dht::quic
