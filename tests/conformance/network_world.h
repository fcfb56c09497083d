// A simulated network as a world of the conformance suites, in one of its modes; NetworkWorld is
// that of Macula.
//
//   struct Lossy {
//     static NetworkMode mode() { return {.loss_ppm = 100'000}; }
//   };
//   using Worlds = testing::Types<NetworkWorld<Lossy>>;
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/macula/networks.h"
#include "sim/macula/node_key.h"
#include "sim/net/cut.h"
#include "sim/run/world_kind.h"
#include "tests/conformance/macula_words.h"

namespace macula::sim {

struct NetworkMode {
  bool warm = false;
  bool encoded = false;
  bool random_chunks = false;
  bool shuffled_ties = false;
  std::uint32_t loss_ppm = 0;
  std::int64_t activation_ms = 0;
  std::string_view world = kVirtual;
};

// The plain mode of each world.
struct InVirtual {
  static NetworkMode mode() { return {}; }
};
struct InVirtualQuic {
  static NetworkMode mode() {
    NetworkMode mode;
    mode.world = kVirtualQuic;
    return mode;
  }
};

inline LinkModel link_model(const NetworkMode& mode) {
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

inline NetworkOptions network_options(const NetworkMode& mode, std::uint64_t seed) {
  NetworkOptions options;
  options.seed = seed;
  options.warm_connections = mode.warm;
  options.encoded = mode.encoded;
  options.random_chunks = mode.random_chunks;
  options.shuffled_ties = mode.shuffled_ties;
  return options;
}

// Endpoints on a network of messages that say `W`, by a book of peers `B`.
template <conformance::Words W, typename B>
class NetworkWorldOf {
 public:
  using Words = W;
  using Message = typename W::Message;
  static constexpr Duration kTolerance{0};
  static constexpr Duration kSecond = std::chrono::seconds(1);
  static constexpr int kRandomRuns = 100;

  transport::Host<Message>& host(std::size_t i) { return network_->host(number(i)); }
  transport::Peer contact(std::size_t i) const { return contacts_[i]; }
  transport::Peer nobody() const { return contacts_.back(); }
  transport::Endpoint endpoint(transport::Peer contact) const { return book_.endpoint(contact); }
  void start(std::size_t i, transport::Guest<Message>& guest) { network_->start(number(i), guest); }
  void kill(std::size_t i) { network_->crash(number(i)); }
  // It hears nothing more, and what it has said is delivered before it is gone.
  void close(std::size_t i) {
    const NodeNumber node = number(i);
    network_->pause(node);
    network_->schedule(network_->now() + kSecond * 30, [this, node] { network_->crash(node); });
  }
  void pause(std::size_t i) { network_->pause(number(i)); }
  void resume(std::size_t i) { network_->resume(number(i)); }
  void cut(std::size_t from, std::size_t to) {
    cut_apart(*network_, {number(from)}, {number(to)}, /*one_way=*/true);
  }
  void heal() { heal_all(*network_); }
  Network& network() { return *network_; }
  void run_for(Duration duration) { ASSERT_TRUE(network_->run_until(network_->now() + duration)); }

 protected:
  // `make_network`: given book, links and options. `key_of`: key of a name, with id() and seed().
  template <typename MakeNetwork, typename KeyOf>
  NetworkWorldOf(const NetworkMode& mode, std::size_t endpoints, std::uint64_t seed,
                 MakeNetwork make_network, KeyOf key_of)
      : model_(link_model(mode)),
        network_(make_network(book_, model_, network_options(mode, seed))) {
    for (std::size_t i = 0; i <= endpoints; ++i) {
      const auto address = static_cast<std::uint32_t>(i);
      const std::string name = "node" + std::to_string(i);
      const auto key = key_of(name);
      const transport::Endpoint endpoint = transport::make_ipv4(0x0b000001 + address, 9443);
      contacts_.push_back(*book_.intern({key.id(), endpoint, std::nullopt}));
      if (i == endpoints) break;  // nobody
      network_->add_node({name, contacts_.back(), "", "home",
                          std::chrono::milliseconds(mode.activation_ms), endpoint, key.seed()});
    }
  }

 private:
  static NodeNumber number(std::size_t i) { return static_cast<NodeNumber>(i); }

  B book_;
  LinkModel model_;
  std::unique_ptr<NetworkOf<Message>> network_;
  std::vector<transport::Peer> contacts_;
};

template <typename M>
class NetworkWorld : public NetworkWorldOf<conformance::MaculaWords, dht::ContactBook> {
 public:
  NetworkWorld(std::size_t endpoints, std::uint64_t seed)
      : NetworkWorldOf(M::mode(), endpoints, seed, network_in(M::mode().world),
                       [](const std::string& name) { return NodeKey::derive(name); }) {}
};

}  // namespace macula::sim
