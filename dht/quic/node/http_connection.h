// One connection of the HTTP server: a request comes in, an answer goes out, it closes.
#pragma once

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "dht/quic/node/http_server.h"

namespace macula::dht::quic {

class HttpConnection {
 public:
  HttpConnection(HttpServer& server, std::uint64_t number, UniqueFd fd);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // False where the system does not let it be watched.
  [[nodiscard]] bool start();

 private:
  void on_ready(std::uint32_t ready);
  void read();
  void skip_empty_lines();
  void parse();
  void answer();
  void refuse(unsigned status);
  void respond(const HttpPage& page, bool with_body);
  void write();

  HttpServer& server_;
  std::uint64_t number_;
  UniqueFd fd_;
  std::optional<Loop::WatchId> watch_;
  std::optional<Loop::DeadlineId> deadline_;
  boost::beast::http::request_parser<boost::beast::http::empty_body> parser_;
  std::string in_;
  std::size_t read_ = 0;
  std::string out_;
  std::size_t written_ = 0;
  bool responding_ = false;
};

}  // namespace macula::dht::quic
