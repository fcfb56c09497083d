// A node on the network: the protocol's state machine, its QUIC host, its socket, in a loop.
//
//   auto live = LiveNode::open(loop, config, application);
//   (*live)->node().find_value(key, {}, done);
//   (*live)->node().start();
//   (*live)->leave(patience);  ...  if ((*live)->closed()) loop.stop();
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "dht/contact/contact_marks.h"
#include "dht/node/node.h"
#include "dht/quic/engine/credentials.h"
#include "dht/quic/host/quic_host.h"
#include "dht/quic/node/data_folder.h"
#include "dht/quic/udp/driver.h"
#include "dht/quic/udp/loop.h"
#include "dht/quic/udp/secure_random.h"
#include "dht/quic/udp/udp_socket.h"

namespace macula::dht::quic {

struct LiveConfig {
  Endpoint listen;
  bool any_port = false;             // where the one of `listen` is taken, a free one will do
  std::optional<Endpoint> announce;  // what others are told; default: where the socket listens
  Identity identity;
  bool unbound = false;
  bool client = false;  // enters nobody's table
  Protocol protocol;
  std::vector<Contact> known;                       // of a former life, to join through
  std::vector<Endpoint> endpoints;                  // of bootstrap nodes
  std::size_t contacts_max = std::size_t{1} << 17;  // that it knows of at a time
};

class LiveNode final : private LoopMember {
 public:
  // The loop and the application must outlive it. The error is for a person.
  [[nodiscard]] static tl::expected<std::unique_ptr<LiveNode>, std::string> open(
      Loop& loop, const LiveConfig& config, Application& application);

  [[nodiscard]] Node& node() { return *node_; }
  [[nodiscard]] const Node& node() const { return *node_; }
  [[nodiscard]] QuicHost& host() { return *host_; }
  [[nodiscard]] const QuicHost& host() const { return *host_; }
  [[nodiscard]] const ContactBook& book() const { return book_; }
  [[nodiscard]] ContactBook& book() { return book_; }
  // Gives back the contacts that nobody has in hand. Not from inside a call of the host. Done by
  // itself where the book is crowded.
  void give_back_contacts();
  // Told before contacts are given back: whoever else has some in hand keeps them. One listener.
  void on_keep_contacts(std::function<void(ContactMarks&)> keep) { keep_ = std::move(keep); }
  [[nodiscard]] const UdpSocket& socket() const { return socket_; }
  [[nodiscard]] Contact self() const { return book_.contact(node_->self()); }

  // An orderly end: the node takes back what it provides, then what was accepted is delivered; each
  // takes at most `patience`. Not from inside a call of the host.
  void leave(Duration patience);
  [[nodiscard]] bool leaving() const { return leaving_; }
  [[nodiscard]] bool closed() const { return host_->closed() && socket_.queued() == 0; }

  ~LiveNode();
  LiveNode(const LiveNode&) = delete;
  LiveNode& operator=(const LiveNode&) = delete;

 private:
  LiveNode(Loop& loop, UdpSocket socket, Credentials credentials, const LiveConfig& config,
           Application& application);

  [[nodiscard]] Time settle(Time now) override;

  Loop& loop_;
  UdpSocket socket_;
  Credentials credentials_;
  SigningKey signing_key_;  // the same key, for records
  SecureRandom random_;
  Protocol protocol_;
  ContactBook book_;
  std::unique_ptr<QuicHost> host_;
  std::unique_ptr<Node> node_;
  std::unique_ptr<Driver> driver_;
  std::function<void(ContactMarks&)> keep_;
  bool leaving_ = false;
};

}  // namespace macula::dht::quic
