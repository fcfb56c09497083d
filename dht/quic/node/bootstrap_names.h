// The bootstrap nodes that a node was told of, as the endpoints that they have now.
//
//   BootstrapNames names(loop, resolve_now, settings.bootstrap, use_of, changed);
//   names.start([&](const std::vector<Endpoint>& endpoints) { node.start(); });
//   names.on_silent(endpoint);       // the name that it came from is resolved again
//
// A name is resolved again whenever a node at one of its addresses was silent, and, where it has no
// address, after growing pauses: so each attempt to reach it goes by what the name means then.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "dht/quic/node/remote.h"
#include "dht/quic/node/resolver.h"

namespace macula::dht::quic {

class BootstrapNames {
 public:
  static constexpr Duration kFirstPause = std::chrono::seconds(1);
  static constexpr Duration kLongestPause = std::chrono::seconds(60);

  enum class Use : std::uint8_t {
    good,
    self,         // this very node listens there
    unreachable,  // by sockets of another family
  };
  using UseOf = std::function<Use(const Endpoint&)>;
  using Changed = std::function<void(const std::vector<Endpoint>&)>;

  // The loop must outlive it. `changed` is told of each change after the start.
  BootstrapNames(Loop& loop, Resolver::System system, std::vector<Remote> remotes, UseOf use_of,
                 Changed changed);
  ~BootstrapNames();
  BootstrapNames(const BootstrapNames&) = delete;
  BootstrapNames& operator=(const BootstrapNames&) = delete;

  // Resolves all names. `started` is called once an endpoint is known or all names have had an
  // answer, possibly from inside this call.
  void start(Changed started);
  // The endpoints of all of them, each once.
  [[nodiscard]] std::vector<Endpoint> endpoints() const;
  // Every one of them is this very node: there is nobody to be asked.
  [[nodiscard]] bool nobody() const;

  [[nodiscard]] bool configured() const { return !names_.empty(); }

  // Nobody answered there.
  void on_silent(const Endpoint& endpoint);

 private:
  struct Name {
    Remote remote;
    std::vector<Endpoint> endpoints;
    bool self = false;      // all its addresses are those of this very node
    bool answered = false;  // an address, or what was resolved at least once, in vain or not
    bool resolving = false;
    Duration pause = kFirstPause;
    std::optional<Loop::DeadlineId> retry;
    std::string said;  // what was logged of it last
  };

  void resolve(std::size_t name);
  void on_resolved(std::size_t name, const Resolved& resolved);
  void set(Name& name, const std::vector<Endpoint>& endpoints);
  // Once for each change of what there is to say.
  void say(Name& name, std::string text);
  void settle();

  Loop& loop_;
  UseOf use_of_;
  Changed changed_;
  Changed started_;
  std::vector<Name> names_;
  std::vector<Endpoint> told_;
  Resolver resolver_;  // ends first: nothing comes from it later
};

}  // namespace macula::dht::quic
