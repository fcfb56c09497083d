#include "dht/quic/node/live_node.h"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "base/check.h"
#include "dht/quic/node/log.h"

namespace macula::dht::quic {
namespace {

tl::expected<UdpSocket, std::string> bind(const LiveConfig& config) {
  auto socket = UdpSocket::bind(config.listen);
  if (!socket && socket.error().code == EADDRINUSE && config.any_port) {
    Endpoint free = config.listen;
    free.port = 0;
    socket = UdpSocket::bind(free);
  }
  if (!socket) return tl::unexpected("cannot listen on " + socket.error().message);
  return std::move(*socket);
}

HostConfig host_config(const LiveConfig& config) {
  HostConfig host;
  host.engine.static_secret = config.identity.static_secret;
  host.unbound = config.unbound;
  host.client = config.client;
  return host;
}

// Above the versions of all former lives, as long as nobody sets the clock back. The loop's clock
// begins anew with each start of the machine, and would tell others when that was.
std::uint64_t wall_clock_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

KeyedHash::Key draw_key(RandomSource& random) {
  KeyedHash::Key key{};
  random.fill(key.data(), key.size());
  return key;
}

}  // namespace

tl::expected<std::unique_ptr<LiveNode>, std::string> LiveNode::open(Loop& loop,
                                                                    const LiveConfig& config,
                                                                    Application& application) {
  auto credentials = Credentials::from_seed(config.identity.seed);
  if (!credentials) return tl::unexpected("no identity: " + credentials.error());
  auto socket = bind(config);
  if (!socket) return tl::unexpected(socket.error());
  return std::unique_ptr<LiveNode>(
      new LiveNode(loop, std::move(*socket), std::move(*credentials), config, application));
}

LiveNode::LiveNode(Loop& loop, UdpSocket socket, Credentials credentials, const LiveConfig& config,
                   Application& application)
    : loop_(loop),
      socket_(std::move(socket)),
      credentials_(std::move(credentials)),
      signing_key_(config.identity.seed),
      protocol_(config.protocol),
      book_(config.contacts_max, KeyedHash(draw_key(random_))) {
  const Endpoint reached_at = config.announce.value_or(socket_.local());
  const auto self = book_.intern({credentials_.id(), reached_at, std::nullopt});
  MACULA_CHECK(self.has_value());
  NodeConfig node{*self, {}, nullptr, &signing_key_, nullptr};
  node.endpoints = config.endpoints;
  node.first_version = wall_clock_ms();
  for (const Contact& contact : config.known) {
    const auto known = book_.intern(contact);
    if (known && contact.id != credentials_.id()) node.bootstrap.push_back(*known);
  }
  host_ = std::make_unique<QuicHost>(book_, *self, credentials_, host_config(config), random_,
                                     loop_.now());
  node_ = std::make_unique<Node>(*host_, book_, protocol_, node, application);
  host_->start(*node_);
  host_->on_identity_refused([](const IdentityRefused& refused) {
    log(fmt::format("refused {}, expected to be {}: {}", format_endpoint(refused.remote),
                    id_to_hex(refused.expected), refused.reason));
  });
  driver_ = std::make_unique<Driver>(loop_, socket_, *host_);
  loop_.join(*this);
}

LiveNode::~LiveNode() {
  loop_.leave(*this);
}

Time LiveNode::settle(Time /*now*/) {
  if (book_.crowded()) give_back_contacts();
  return kTimeMax;
}

void LiveNode::give_back_contacts() {
  ContactMarks marks(book_);
  node_->keep_contacts(marks);
  host_->keep_contacts(marks, [&](Token token) { Node::keep_contact_of(token, marks); });
  if (keep_) keep_(marks);
  book_.keep_only(marks);
}

void LiveNode::leave(Duration patience) {
  if (leaving_) return;
  leaving_ = true;
  host_->advance(loop_.now());
  node_->leave(patience, [this, patience] {
    // It may be said from inside a call of the host.
    loop_.post([this, patience] { host_->close(loop_.now(), patience); });
  });
}

}  // namespace macula::dht::quic
