#include "dht/quic/node/http_server.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/check.h"
#include "dht/quic/node/http_connection.h"
#include "dht/quic/udp/socket_address.h"

namespace macula::dht::quic {
namespace {

constexpr int kBacklog = 64;
constexpr Duration kAcceptPause = std::chrono::milliseconds(200);

SocketError last_error(const Endpoint& endpoint) {
  const int code = errno;
  return {code, format_endpoint(endpoint) + ": " + std::generic_category().message(code)};
}

}  // namespace

tl::expected<std::unique_ptr<HttpServer>, SocketError> HttpServer::open(Loop& loop,
                                                                        const Endpoint& endpoint,
                                                                        Pages pages) {
  const int family = family_of(endpoint);
  const auto address = to_socket_address(endpoint, family);
  MACULA_CHECK(address.has_value());
  UniqueFd fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int one = 1;
  if (!fd || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0 ||
      ::bind(fd.get(), address->get(), address->size) != 0 || ::listen(fd.get(), kBacklog) != 0) {
    return tl::unexpected(last_error(endpoint));
  }
  const auto local = local_endpoint(fd.get());
  if (!local) return tl::unexpected(last_error(endpoint));
  std::unique_ptr<HttpServer> server(new HttpServer(loop, std::move(fd), *local, std::move(pages)));
  HttpServer* self = server.get();
  server->watch_ =
      loop.watch(self->fd_.get(), EPOLLIN, [self](std::uint32_t) { self->accept_all(); });
  if (!server->watch_) return tl::unexpected(last_error(endpoint));
  return server;
}

HttpServer::HttpServer(Loop& loop, UniqueFd fd, const Endpoint& local, Pages pages)
    : loop_(loop), fd_(std::move(fd)), local_(local), pages_(std::move(pages)) {}

HttpServer::~HttpServer() {
  if (watch_) loop_.forget(*watch_);
  if (pause_) loop_.cancel(*pause_);
}

// Out of descriptors: whoever waits will be there when one is free again.
void HttpServer::pause() {
  loop_.change(*watch_, 0);
  pause_ = loop_.at(loop_.now() + kAcceptPause, [this] { loop_.change(*watch_, EPOLLIN); });
}

void HttpServer::accept_all() {
  for (int i = 0; i < kBacklog; ++i) {
    UniqueFd fd(::accept4(fd_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd) {
      if (errno == EMFILE || errno == ENFILE) pause();
      return;
    }
    if (connections_.size() >= kConnectionsMax) {
      ++counters_.turned_away;
      connections_.erase(connections_.begin());
    }
    const std::uint64_t number = ++last_connection_;
    auto connection = std::make_unique<HttpConnection>(*this, number, std::move(fd));
    if (connection->start()) connections_.emplace(number, std::move(connection));
  }
}

void HttpServer::remove(std::uint64_t connection) {
  connections_.erase(connection);
}

}  // namespace macula::dht::quic
