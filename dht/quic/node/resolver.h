// Names of hosts to addresses, without holding up the loop: the system's resolver, which may take
// its time, works on a thread of its own.
//
//   Resolver resolver(loop);
//   resolver.resolve("node.example", 9443, [&](const Resolved& resolved) { ... });
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dht/contact/endpoint.h"
#include "dht/quic/udp/loop.h"

namespace macula::dht::quic {

struct Resolved {
  std::vector<Endpoint> endpoints;  // each once, in the order of the system's preference
  std::string error;                // where there are none, for a person
};

// Blocks: what getaddrinfo(3) says.
[[nodiscard]] Resolved resolve_now(const std::string& host, std::uint16_t port);

class Resolver {
 public:
  static constexpr std::size_t kAddressesMax = 16;  // of one name; more are left out

  using Done = std::function<void(const Resolved&)>;
  using System = std::function<Resolved(const std::string& host, std::uint16_t port)>;

  // The loop must outlive it. `system` is called on other threads.
  explicit Resolver(Loop& loop, System system = resolve_now);
  // Names still being resolved reach nobody.
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // `done` is called once, from the loop.
  void resolve(const std::string& host, std::uint16_t port, Done done);

 private:
  struct Shared;

  System system_;
  std::shared_ptr<Shared> shared_;  // with threads that may outlive this object
};

}  // namespace macula::dht::quic
