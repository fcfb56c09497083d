#include "dht/quic/node/http_connection.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <cerrno>
#include <sstream>
#include <utility>

namespace macula::dht::quic {
namespace {

namespace http = boost::beast::http;

constexpr unsigned kVersion = 11;  // HTTP/1.1

// The path of a request's target, which is one or, in absolute form, a whole URL (RFC 9112, section
// 3.2.2): then its host is whom the asker meant to reach, which is here.
std::string_view path_of(std::string_view target) {
  target = target.substr(0, target.find_first_of("?#"));
  if (!target.empty() && target.front() == '/') return target;
  constexpr std::string_view kAfterScheme = "://";
  const std::size_t scheme = target.find(kAfterScheme);
  if (scheme == std::string_view::npos) return target;
  target.remove_prefix(scheme + kAfterScheme.size());
  const std::size_t path = target.find('/');
  return path == std::string_view::npos ? "/" : target.substr(path);
}

}  // namespace

HttpConnection::HttpConnection(HttpServer& server, std::uint64_t number, UniqueFd fd)
    : server_(server), number_(number), fd_(std::move(fd)) {
  parser_.header_limit(static_cast<std::uint32_t>(HttpServer::kRequestBytesMax));
  parser_.body_limit(0);
}

HttpConnection::~HttpConnection() {
  if (watch_) server_.loop_.forget(*watch_);
  if (deadline_) server_.loop_.cancel(*deadline_);
}

bool HttpConnection::start() {
  Loop& loop = server_.loop_;
  watch_ = loop.watch(fd_.get(), EPOLLIN, [this](std::uint32_t ready) { on_ready(ready); });
  deadline_ = loop.at(loop.now() + HttpServer::kPatience, [this] {
    if (!responding_) ++server_.counters_.refused;
    server_.remove(number_);
  });
  return watch_.has_value();
}

void HttpConnection::on_ready(std::uint32_t /*ready*/) {
  if (responding_) {
    write();
  } else {
    read();
  }
}

void HttpConnection::read() {
  std::array<char, 4096> chunk{};
  const ssize_t count = ::recv(fd_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) {
    ++server_.counters_.refused;
    server_.remove(number_);
    return;
  }
  read_ += static_cast<std::size_t>(count);
  in_.append(chunk.data(), static_cast<std::size_t>(count));
  parse();
}

// Before a request there may be empty lines (RFC 9112, section 2.2). They count towards its size.
void HttpConnection::skip_empty_lines() {
  in_.erase(0, std::min(in_.find_first_not_of("\r\n"), in_.size()));
}

void HttpConnection::parse() {
  if (!parser_.got_some()) skip_empty_lines();
  boost::beast::error_code error;
  const std::size_t used = parser_.put(boost::asio::buffer(in_), error);
  in_.erase(0, used);
  if (error == http::error::need_more && read_ <= HttpServer::kRequestBytesMax) return;
  if (error == http::error::need_more || error == http::error::header_limit) {
    refuse(431);
  } else if (error == http::error::body_limit || error == http::error::unexpected_body) {
    refuse(413);
  } else if (error) {
    refuse(400);
  } else if (parser_.is_header_done()) {
    answer();
  }
}

void HttpConnection::answer() {
  const auto& request = parser_.get();
  const bool head = request.method() == http::verb::head;
  if (!head && request.method() != http::verb::get) {
    refuse(405);
    return;
  }
  const auto target = request.target();
  const auto page = server_.pages_(path_of({target.data(), target.size()}));
  ++server_.counters_.answered;
  respond(page.value_or(HttpPage{404, "text/plain; charset=utf-8", "not found\n"}), !head);
}

void HttpConnection::refuse(unsigned status) {
  ++server_.counters_.refused;
  respond({status, "text/plain; charset=utf-8", "refused\n"}, true);
}

void HttpConnection::respond(const HttpPage& page, bool with_body) {
  http::response<http::string_body> response(static_cast<http::status>(page.status), kVersion);
  response.set(http::field::content_type, page.type);
  response.set(http::field::connection, "close");
  if (page.status == 405) response.set(http::field::allow, "GET, HEAD");
  response.content_length(page.body.size());
  std::ostringstream text;
  text << response.base();
  out_ = text.str() + (with_body ? page.body : std::string());
  responding_ = true;
  write();
}

void HttpConnection::write() {
  while (written_ < out_.size()) {
    const ssize_t count = ::send(fd_.get(), out_.data() + written_, out_.size() - written_,
                                 MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && errno == EAGAIN) {
      server_.loop_.change(*watch_, EPOLLOUT);
      return;
    }
    if (count < 0) break;
    written_ += static_cast<std::size_t>(count);
  }
  // An unread rest of the request would turn the close into a reset, which may overtake the answer.
  ::shutdown(fd_.get(), SHUT_WR);
  std::array<char, 4096> rest{};
  while (::recv(fd_.get(), rest.data(), rest.size(), MSG_DONTWAIT) > 0) {
    if ((read_ += rest.size()) > 16 * HttpServer::kRequestBytesMax) break;
  }
  server_.remove(number_);
}

}  // namespace macula::dht::quic
