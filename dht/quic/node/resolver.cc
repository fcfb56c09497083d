#include "dht/quic/node/resolver.h"

#include <netdb.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "dht/quic/udp/socket_address.h"

namespace macula::dht::quic {
namespace {

// Signals are the loop's: threads that are begun while this exists get none.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

std::optional<Endpoint> endpoint_of(const addrinfo& info, std::uint16_t port) {
  SocketAddress address;
  if (info.ai_addrlen > sizeof(address.address)) return std::nullopt;
  std::memcpy(&address.address, info.ai_addr, info.ai_addrlen);
  address.size = info.ai_addrlen;
  auto endpoint = to_endpoint(address);
  if (endpoint) endpoint->port = port;
  return endpoint;
}

}  // namespace

Resolved resolve_now(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* first = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &first);
  if (error != 0) {
    return {{}, error == EAI_SYSTEM ? std::generic_category().message(errno) : gai_strerror(error)};
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(first, &::freeaddrinfo);
  Resolved resolved;
  auto& found = resolved.endpoints;
  for (const addrinfo* at = first; at != nullptr && found.size() < Resolver::kAddressesMax;
       at = at->ai_next) {
    const auto endpoint = endpoint_of(*at, port);
    if (!endpoint || !is_routable(*endpoint)) continue;
    if (std::find(found.begin(), found.end(), *endpoint) == found.end()) found.push_back(*endpoint);
  }
  if (found.empty()) resolved.error = "it has no address that can be used";
  return resolved;
}

struct Resolver::Shared {
  std::mutex mutex;
  Loop* loop;  // nullptr once nobody waits any more
};

Resolver::Resolver(Loop& loop, System system)
    : system_(std::move(system)), shared_(std::make_shared<Shared>()) {
  shared_->loop = &loop;
}

Resolver::~Resolver() {
  const std::lock_guard lock(shared_->mutex);
  shared_->loop = nullptr;
}

void Resolver::resolve(const std::string& host, std::uint16_t port, Done done) {
  const auto tell = [shared = shared_, done = std::move(done)](Resolved resolved) {
    const std::lock_guard lock(shared->mutex);
    if (shared->loop == nullptr) return;
    shared->loop->post([shared, done, resolved = std::move(resolved)] {
      // Only the loop's own thread ends the resolver.
      if (shared->loop != nullptr) done(resolved);
    });
  };
  const SignalsBlocked blocked;
  try {
    std::thread([system = system_, host, port, tell] { tell(system(host, port)); }).detach();
  } catch (const std::system_error& error) {
    tell({{}, error.what()});
  }
}

}  // namespace macula::dht::quic
