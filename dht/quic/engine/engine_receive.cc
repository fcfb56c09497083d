// From a datagram to its connection, or to the answer that strangers get.
#include <utility>

#include "dht/quic/engine/engine_impl.h"

namespace macula::dht::quic {

namespace {

constexpr std::uint8_t kLongHeader = 0x80;  // RFC 9000, section 17.2
// Answers to strangers between two flushes; more are dropped.
constexpr std::size_t kMostReplies = 1024;

bool is_long(std::string_view datagram) {
  return (static_cast<std::uint8_t>(datagram.front()) & kLongHeader) != 0;
}

}  // namespace

void Engine::Impl::receive(const dht::Endpoint& remote, std::string_view datagram, Time now,
                           const LocalAddress& local) {
  local_ = local;
  const Telling telling(*this, now);
  ++core_.counters.datagrams_in;
  core_.counters.bytes_in += datagram.size();
  route(remote, datagram, now);
}

void Engine::Impl::route(const dht::Endpoint& remote, std::string_view datagram, Time now) {
  ngtcp2_version_cid packet{};
  const int result = datagram.empty() ? NGTCP2_ERR_INVALID_ARGUMENT
                                      : ngtcp2_pkt_decode_version_cid(&packet, bytes_of(datagram),
                                                                      datagram.size(), kCidBytes);
  // ngtcp2 knows drafts, too, which it must not speak here.
  const bool foreign = result == NGTCP2_ERR_VERSION_NEGOTIATION ||
                       (result == 0 && packet.version != 0 && packet.version != kVersion);
  if (foreign && datagram.size() >= NGTCP2_MAX_UDP_PAYLOAD_SIZE) {
    reply(remote, version_negotiation(packet, core_.random), core_.counters.versions_sent);
    return;
  }
  if (result != 0 || foreign || packet.dcidlen > NGTCP2_MAX_CIDLEN) {
    ++core_.counters.malformed;
    return;
  }
  Connection* connection = core_.table.find(text_of(packet.dcid, packet.dcidlen));
  if (connection == nullptr) {
    on_stranger(remote, datagram, now);
  } else if (connection->remote() == remote) {
    connection->receive(datagram, now);
  } else {
    ++core_.counters.malformed;  // connections do not move
  }
}

void Engine::Impl::on_stranger(const dht::Endpoint& remote, std::string_view datagram, Time now) {
  if (is_long(datagram)) {
    on_initial(remote, datagram, now);
    return;
  }
  // A stateless reset looks like a packet for nobody.
  if (datagram.size() > kTokenBytes) {
    Connection* connection = core_.table.find_token(datagram.substr(datagram.size() - kTokenBytes));
    if (connection != nullptr && connection->remote() == remote) {
      connection->receive(datagram, now);
      return;
    }
  }
  ++core_.counters.malformed;
  reply(remote, core_.resets.answer(datagram, now), core_.counters.resets_sent);
}

void Engine::Impl::on_initial(const dht::Endpoint& remote, std::string_view datagram, Time now) {
  ngtcp2_pkt_hd initial;
  if (ngtcp2_accept(&initial, bytes_of(datagram), datagram.size()) != 0) {
    ++core_.counters.malformed;
    return;
  }
  if (full()) {
    ++core_.counters.refused_full;
    return;
  }
  const AddressValidation::Check token = validation_.check(initial, remote, now);
  std::optional<ngtcp2_cid> original;
  switch (token.verdict) {
    case AddressValidation::Verdict::invalid:
      ++core_.counters.malformed;
      reply(remote, AddressValidation::refuse(initial), core_.counters.refused_tokens);
      return;
    case AddressValidation::Verdict::absent:
      if (core_.half_open.size() >= core_.config.retry_above) {
        reply(remote, validation_.retry(initial, remote, now), core_.counters.retries_sent);
        return;
      }
      break;
    case AddressValidation::Verdict::valid:
      original = token.original;
      break;
  }
  if (core_.half_open.size() > 0 && core_.half_open.size() >= core_.config.max_half_open) {
    ++core_.counters.refused_full;
    core_.half_open.first_to_go()->drop();
  }
  const ConnectionId id = next_id();
  auto connection = Connection::accept(core_, id, remote, initial, original, now);
  if (connection == nullptr) {
    ++core_.counters.malformed;
    return;
  }
  Connection& accepted = *connection;
  accepted.answer_from(local_);
  connections_.emplace(static_cast<std::uint64_t>(id), std::move(connection));
  ++accepted_;
  accepted.receive(datagram, now);
}

void Engine::Impl::reply(const dht::Endpoint& remote, std::string datagram,
                         std::uint64_t& counter) {
  if (datagram.empty() || replies_.size() >= kMostReplies) return;
  ++counter;
  replies_.push_back({remote, local_, std::move(datagram)});
}

}  // namespace macula::dht::quic
