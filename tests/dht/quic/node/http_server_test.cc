#include "dht/quic/node/http_server.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cerrno>
#include <vector>

#include "dht/quic/udp/socket_address.h"

namespace macula::dht::quic {
namespace {

constexpr Duration kMs = std::chrono::milliseconds(1);
// A guard against hangs, however busy the machine is.
constexpr Duration kAnswerGuard = std::chrono::minutes(1);

class HttpServerTest : public testing::Test {
 protected:
  UniqueFd connect() {
    const auto to = to_socket_address(server->local(), AF_INET);
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(fd.get(), to->get(), to->size), 0);
    return fd;
  }
  static void send(const UniqueFd& fd, const std::string& text) {
    EXPECT_EQ(::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  // Lets the server work until it closes the connection; returns its answer.
  std::string answer(const UniqueFd& fd, Duration patience = kAnswerGuard) {
    std::string text;
    const Time limit = loop->now() + patience;
    while (loop->now() < limit) {
      loop->run_once(5 * kMs);
      std::vector<char> chunk(1 << 20);
      const ssize_t count = ::recv(fd.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
      if (count == 0) return text;
      if (count > 0) text.append(chunk.data(), static_cast<std::size_t>(count));
    }
    return text + "[still open]";
  }
  std::string ask(const std::string& request) {
    const UniqueFd fd = connect();
    send(fd, request);
    return answer(fd);
  }
  static std::string status_of(const std::string& answer) {
    return answer.substr(0, std::min<std::size_t>(answer.size(), 12));
  }

  std::unique_ptr<Loop> loop = std::move(*Loop::create());
  std::string asked;
  std::unique_ptr<HttpServer> server = std::move(*HttpServer::open(
      *loop, make_ipv4(0x7f000001, 0), [this](std::string_view path) -> std::optional<HttpPage> {
        asked = path;
        if (path == "/large") return HttpPage{200, "text/plain", std::string(3 << 20, 'x')};
        if (path != "/page") return std::nullopt;
        return HttpPage{200, "application/json", "{\"a\":1}\n"};
      }));
};

TEST_F(HttpServerTest, ServesPages) {
  const std::string text = ask("GET /page?x=1 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(status_of(text), "HTTP/1.1 200");
  EXPECT_EQ(asked, "/page");
  EXPECT_NE(text.find("Content-Type: application/json\r\n"), std::string::npos);
  EXPECT_NE(text.find("Content-Length: 8\r\n"), std::string::npos);
  EXPECT_EQ(text.substr(text.find("\r\n\r\n") + 4), "{\"a\":1}\n");
  EXPECT_EQ(server->connections(), 0U);
  EXPECT_EQ(server->counters().answered, 1U);
}

// As proxies ask (RFC 9112, section 3.2.2).
TEST_F(HttpServerTest, TargetsInAbsoluteFormAreUnderstood) {
  for (const char* target : {"http://127.0.0.1:8080/page", "HTTP://node.example/page?x=1",
                             "https://[::1]:8080/page", "http://u@node.example/page#x"}) {
    const std::string text = ask(std::string("GET ") + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(status_of(text), "HTTP/1.1 200") << target;
    EXPECT_EQ(asked, "/page") << target;
  }
  EXPECT_EQ(status_of(ask("GET http://node.example HTTP/1.1\r\n\r\n")), "HTTP/1.1 404");
  EXPECT_EQ(asked, "/");
  EXPECT_EQ(status_of(ask("GET http://node.example?x=/page HTTP/1.1\r\n\r\n")), "HTTP/1.1 404");
  EXPECT_EQ(asked, "/");
}

TEST_F(HttpServerTest, ARequestMayComeByteByByte) {
  const UniqueFd fd = connect();
  for (const char c : std::string("GET /page HTTP/1.1\r\nHost: a\r\n\r\n")) {
    send(fd, std::string(1, c));
    loop->run_once(kMs);
  }
  EXPECT_EQ(status_of(answer(fd)), "HTTP/1.1 200");
}

// As left behind by what was asked before (RFC 9112, section 2.2).
TEST_F(HttpServerTest, EmptyLinesBeforeARequestAreIgnored) {
  EXPECT_EQ(status_of(ask("\r\nGET /page HTTP/1.1\r\n\r\n")), "HTTP/1.1 200");
  const UniqueFd fd = connect();
  for (const char c : std::string("\r\n\r\nGET /page HTTP/1.1\r\n\r\n")) {
    send(fd, std::string(1, c));
    loop->run_once(kMs);
  }
  EXPECT_EQ(status_of(answer(fd)), "HTTP/1.1 200");
  std::string endless;
  while (endless.size() <= HttpServer::kRequestBytesMax) endless += "\r\n";
  EXPECT_EQ(status_of(ask(endless)), "HTTP/1.1 431");
}

TEST_F(HttpServerTest, LargePagesGoOutAsTheyAreTaken) {
  const std::string text = ask("GET /large HTTP/1.1\r\n\r\n");
  EXPECT_EQ(text.size() - text.find("\r\n\r\n") - 4, std::size_t{3} << 20);
}

TEST_F(HttpServerTest, HeadHasNoBody) {
  const std::string text = ask("HEAD /page HTTP/1.1\r\n\r\n");
  EXPECT_EQ(status_of(text), "HTTP/1.1 200");
  EXPECT_EQ(text.substr(text.find("\r\n\r\n")), "\r\n\r\n");
}

TEST_F(HttpServerTest, RefusesWhatIsNoRequestForAPage) {
  EXPECT_EQ(status_of(ask("GET /other HTTP/1.1\r\n\r\n")), "HTTP/1.1 404");
  EXPECT_EQ(status_of(ask("DELETE /page HTTP/1.1\r\n\r\n")), "HTTP/1.1 405");
  EXPECT_EQ(status_of(ask("POST /page HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello")),
            "HTTP/1.1 413");
  EXPECT_EQ(status_of(ask("\x16\x03\x01 hello\r\n\r\n")), "HTTP/1.1 400");
  EXPECT_EQ(status_of(ask("GET /page HTTP/1.1\r\nX: " +
                          std::string(2 * HttpServer::kRequestBytesMax, 'x') + "\r\n\r\n")),
            "HTTP/1.1 431");
  EXPECT_EQ(server->connections(), 0U);
  EXPECT_EQ(server->counters().refused, 4U);
}

// A client that holds connections and says nothing keeps no monitor out.
TEST_F(HttpServerTest, BeyondTheLimitTheOldestConnectionIsClosed) {
  std::vector<UniqueFd> idle;
  for (std::size_t i = 0; i < HttpServer::kConnectionsMax; ++i) {
    idle.push_back(connect());
    loop->run_once(kMs);
  }
  for (const Time limit = loop->now() + kAnswerGuard;
       server->connections() < HttpServer::kConnectionsMax && loop->now() < limit;) {
    loop->run_once(kMs);
  }
  EXPECT_EQ(server->connections(), HttpServer::kConnectionsMax);
  EXPECT_EQ(status_of(ask("GET /page HTTP/1.1\r\n\r\n")), "HTTP/1.1 200");
  EXPECT_EQ(server->counters().turned_away, 1U);
  EXPECT_EQ(answer(idle.front()), "");
  // Those that say nothing go when their time is up, and there is room again.
  const Time limit = loop->now() + HttpServer::kPatience + kAnswerGuard;
  while (server->connections() > 0 && loop->now() < limit) loop->run_once(50 * kMs);
  EXPECT_EQ(server->connections(), 0U);
  EXPECT_EQ(status_of(ask("GET /page HTTP/1.1\r\n\r\n")), "HTTP/1.1 200");
}

TEST_F(HttpServerTest, ATakenPortIsAnError) {
  const auto second = HttpServer::open(*loop, server->local(), nullptr);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, EADDRINUSE);
}

}  // namespace
}  // namespace macula::dht::quic
