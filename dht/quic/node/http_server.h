// A small HTTP server in the loop: GET and HEAD of a few pages, for monitors.
//
//   auto server = HttpServer::open(loop, endpoint, [](std::string_view path) { ... });
//   (*server)->local();
//
// One request a connection. Everything has a limit: connections, bytes of a request, and the time
// in which a request must be whole and its answer taken. Boost.Beast reads the requests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "dht/contact/endpoint.h"
#include "dht/quic/udp/loop.h"
#include "dht/quic/udp/udp_socket.h"
#include "dht/quic/udp/unique_fd.h"

namespace macula::dht::quic {

struct HttpPage {
  unsigned status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
};

class HttpConnection;

class HttpServer {
 public:
  static constexpr std::size_t kConnectionsMax = 64;  // beyond it the oldest is closed
  static constexpr std::size_t kRequestBytesMax = 8192;
  static constexpr Duration kPatience = std::chrono::seconds(5);

  // The page at a path, without its query. Nothing: there is none.
  using Pages = std::function<std::optional<HttpPage>(std::string_view path)>;

  [[nodiscard]] static tl::expected<std::unique_ptr<HttpServer>, SocketError> open(
      Loop& loop, const Endpoint& endpoint, Pages pages);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] const Endpoint& local() const { return local_; }
  [[nodiscard]] std::size_t connections() const { return connections_.size(); }

  struct Counters {
    std::uint64_t answered = 0;
    std::uint64_t refused = 0;      // requests that are none, too long or too slow
    std::uint64_t turned_away = 0;  // connections that gave way to others
  };
  [[nodiscard]] const Counters& counters() const { return counters_; }

 private:
  friend class HttpConnection;

  HttpServer(Loop& loop, UniqueFd fd, const Endpoint& local, Pages pages);
  void accept_all();
  void pause();
  void remove(std::uint64_t connection);

  Loop& loop_;
  UniqueFd fd_;
  Endpoint local_;
  Pages pages_;
  std::optional<Loop::WatchId> watch_;
  std::optional<Loop::DeadlineId> pause_;
  std::uint64_t last_connection_ = 0;
  std::map<std::uint64_t, std::unique_ptr<HttpConnection>> connections_;
  Counters counters_;
};

}  // namespace macula::dht::quic
