// A DHT node on a QUIC host in a loop, for benchmarks.
//
//   NodeEnd server(loop, 1, config);
//   server.node().store_local(key, value);
#pragma once

#include <string>

#include "dht/node/node.h"
#include "dht/quic/engine/credentials.h"
#include "dht/quic/host/quic_host.h"
#include "dht/quic/udp/driver.h"
#include "dht/quic/udp/secure_random.h"
#include "dht/quic/udp/udp_socket.h"

namespace macula::dht::quic {

class NodeEnd final : public Application {
 public:
  // `number` tells identities apart.
  NodeEnd(Loop& loop, char number, const HostConfig& config);

  [[nodiscard]] Node& node() { return node_; }
  [[nodiscard]] QuicHost& host() { return host_; }
  [[nodiscard]] const Endpoint& local() const { return socket_.local(); }
  [[nodiscard]] Contact self() const { return book_.contact(node_.self()); }
  // Enters the table of this node.
  void add_contact(const Contact& contact) { node_.add_contact(*book_.intern(contact)); }

  void on_call(CallHandle, const std::string&, const wire::Bytes&) override {}
  void on_cast(const std::string&, const wire::Bytes&) override {}

 private:
  UdpSocket socket_;
  Credentials credentials_;
  SecureRandom random_;
  Protocol protocol_;
  ContactBook book_;
  ContactRef self_;
  QuicHost host_;
  Node node_;
  Driver driver_;
};

}  // namespace macula::dht::quic
