#include "dht/quic/engine/connection.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/check.h"
#include "dht/quic/engine/connection_callbacks.h"
#include "dht/quic/engine/random_source.h"

namespace macula::dht::quic {

namespace {

constexpr StreamId kFirstOfClient = 0;  // RFC 9000, section 2.1
constexpr StreamId kFirstOfServer = 1;
constexpr std::size_t kFirstDestinationBytes = 16;
// A peer may draw out the round trip as it likes, and an ended connection takes a place.
constexpr Duration kLongestEnd = std::chrono::seconds(3);

}  // namespace

Connection::Connection(EngineCore& core, ConnectionId id, const dht::Endpoint& remote, bool dialled)
    : core_(core),
      id_(id),
      remote_(remote),
      dialled_(dialled),
      memory_(core.memory),
      next_stream_(dialled ? kFirstOfClient : kFirstOfServer) {
  timer_.connection = this;
  timer_.number = static_cast<std::uint64_t>(id);
  core_.timers.add(timer_);
}

Connection::~Connection() {
  vanish();
  core_.timers.remove(timer_);
  if (dirty_) std::erase(core_.dirty, this);
}

std::unique_ptr<Connection> Connection::dial(EngineCore& core, ConnectionId id,
                                             const dht::Endpoint& remote,
                                             const std::optional<NodeId>& expected, Time now,
                                             bool named_by_others) {
  std::unique_ptr<Connection> self(new Connection(core, id, remote, true));
  self->limited_ = named_by_others;
  self->tls_ = std::make_unique<TlsSession>(TlsSession::Side::client, core.credentials,
                                            core.config.alpn, expected);
  const ngtcp2_cid own = self->issue_cid();
  ngtcp2_cid destination;
  destination.datalen = kFirstDestinationBytes;
  core.random.fill(destination.data, destination.datalen);
  const ngtcp2_settings settings = make_settings(core.config, core.random, now);
  const ngtcp2_transport_params params = make_params(core.config);
  Path addresses(remote);
  const ngtcp2_path path = addresses.get();
  ngtcp2_conn* connection = nullptr;
  const int result = ngtcp2_conn_client_new(&connection, &destination, &own, &path, kVersion,
                                            &connection_callbacks(), &settings, &params,
                                            self->memory_.functions(), self.get());
  MACULA_CHECK(result == 0);
  self->adopt(connection);
  return self;
}

std::unique_ptr<Connection> Connection::accept(EngineCore& core, ConnectionId id,
                                               const dht::Endpoint& remote,
                                               const ngtcp2_pkt_hd& initial,
                                               const std::optional<ngtcp2_cid>& original,
                                               Time now) {
  std::unique_ptr<Connection> self(new Connection(core, id, remote, false));
  // The client goes on using the id it chose until it knows ours.
  if (!core.table.add(text_of(initial.dcid.data, initial.dcid.datalen), *self)) return nullptr;
  self->cids_.push_back(initial.dcid);
  self->tls_ = std::make_unique<TlsSession>(TlsSession::Side::server, core.credentials,
                                            core.config.alpn, std::nullopt);
  const ngtcp2_cid own = self->issue_cid();
  ngtcp2_settings settings = make_settings(core.config, core.random, now);
  ngtcp2_transport_params params = make_params(core.config);
  if (original) set_token(settings, text_of(initial.token.base, initial.token.len));
  set_server_params(params, original ? *original : initial.dcid, original ? &initial.dcid : nullptr,
                    core.resets.token(own));
  Path addresses(remote);
  const ngtcp2_path path = addresses.get();
  ngtcp2_conn* connection = nullptr;
  const int result = ngtcp2_conn_server_new(&connection, &initial.scid, &own, &path,
                                            initial.version, &connection_callbacks(), &settings,
                                            &params, self->memory_.functions(), self.get());
  MACULA_CHECK(result == 0);
  self->adopt(connection);
  self->half_open_ = true;
  core.half_open.add(remote, id, *self);
  return self;
}

void Connection::adopt(ngtcp2_conn* connection) {
  quic_.reset(connection);
  tls_->attach(connection);
  mark_dirty();
}

ngtcp2_cid Connection::issue_cid() {
  ngtcp2_cid cid;
  cid.datalen = kCidBytes;
  do {
    core_.random.fill(cid.data, cid.datalen);
  } while (!core_.table.add(text_of(cid.data, cid.datalen), *this));
  cids_.push_back(cid);
  return cid;
}

void Connection::add_queued(std::size_t bytes) {
  queued_ += bytes;
  core_.queued += bytes;
}

void Connection::drop_queued(std::size_t bytes) {
  queued_ -= bytes;
  core_.queued -= bytes;
}

void Connection::mark_dirty() {
  if (dirty_) return;
  dirty_ = true;
  core_.dirty.push_back(this);
}

void Connection::receive(std::string_view datagram, Time now) {
  if (phase_ == Phase::closing && ++heard_ == answer_at_) {
    answer_at_ *= 2;
    close_due_ = true;
    mark_dirty();
  }
  if (phase_ != Phase::live || close_) return;
  Path addresses(remote_);
  const ngtcp2_path path = addresses.get();
  const ngtcp2_pkt_info info{};
  mark_dirty();
  const int error = ngtcp2_conn_read_pkt(quic_.get(), &path, &info, bytes_of(datagram),
                                         datagram.size(), timestamp(now));
  if (error != 0) fail(error, now);
}

void Connection::on_expiry(Time now) {
  core_.timers.set(timer_, kTimeMax);
  mark_dirty();
  if (phase_ != Phase::live) {
    if (now >= deadline_) vanish();
    return;
  }
  tell_held();
  if (close_) return;
  expired_at_ = now;
  const int error = ngtcp2_conn_handle_expiry(quic_.get(), timestamp(now));
  if (error != 0) fail(error, now);
}

void Connection::close(std::uint64_t code, std::string_view reason) {
  if (ended_) return;
  close_ = CloseFrame{CloseFrame::Kind::application, code, std::string(reason)};
  end({CloseCause::local, code, std::string(reason)});
  mark_dirty();
}

void Connection::fail(int error, Time now) {
  switch (error) {
    case NGTCP2_ERR_DRAINING:
      end(reset_by_peer_ ? Closed{CloseCause::reset, 0, {}} : closed_by_peer());
      linger(Phase::draining, now);
      return;
    case NGTCP2_ERR_IDLE_CLOSE:
      end({CloseCause::idle, 0, {}});
      // A peer that was silent for want of anything to say ends the connection itself. One that is
      // not heard may hear this end, and would go on to use what is no connection any more.
      if (close_ || !up_ || !waits_for_acknowledgement(quic_.get())) break;
      close_ = CloseFrame{CloseFrame::Kind::application, core_.config.idle_code, "unheard"};
      mark_dirty();
      return;
    case NGTCP2_ERR_HANDSHAKE_TIMEOUT:
      end({CloseCause::handshake_timeout, 0, {}});
      break;
    case NGTCP2_ERR_RECV_VERSION_NEGOTIATION:
      end({CloseCause::version, 0, {}});
      break;
    case NGTCP2_ERR_DROP_CONN:
    case NGTCP2_ERR_RETRY:
      end({CloseCause::protocol, 0, {}});
      break;
    default: {
      const CloseFrame frame = close_frame_of(quic_.get(), error);
      CloseCause cause = CloseCause::protocol;
      if (frame.kind == CloseFrame::Kind::tls_alert) cause = CloseCause::tls;
      if (error == NGTCP2_ERR_VERSION_NEGOTIATION_FAILURE) cause = CloseCause::version;
      if (tls_->refused_identity()) {
        cause = CloseCause::identity;
        ++core_.counters.refused_identity;
      }
      end({cause, frame.code, ngtcp2_strerror(error)});
      if (!close_) close_ = frame;
      mark_dirty();
      return;
    }
  }
  vanish();
}

Closed Connection::closed_by_peer() {
  CloseFrame frame = received_close(quic_.get());
  CloseCause cause = CloseCause::peer;
  if (frame.kind == CloseFrame::Kind::tls_alert) cause = CloseCause::tls;
  if (frame.kind == CloseFrame::Kind::transport && frame.code != NGTCP2_NO_ERROR) {
    cause = CloseCause::protocol;
  }
  return {cause, frame.code, std::move(frame.reason)};
}

void Connection::end(Closed closed) {
  if (ended_) return;
  ended_ = true;
  close_half_open();
  held_.clear();
  if (dialled_ || up_) core_.ended.emplace_back(id_, std::move(closed));
}

void Connection::close_half_open() {
  if (half_open_) core_.half_open.remove(remote_, id_);
  half_open_ = false;
}

void Connection::on_answered() {
  limited_ = false;
  core_.initials.answered(remote_);
}

void Connection::linger(Phase phase, Time now) {
  constexpr ngtcp2_duration kProbeTimeouts = 3;  // RFC 9000, section 10.2
  const ngtcp2_duration patience = kProbeTimeouts * ngtcp2_conn_get_pto(quic_.get());
  deadline_ = now + std::min(Duration{static_cast<std::int64_t>(patience)}, kLongestEnd);
  phase_ = phase;
  forget_state();
  mark_dirty();
}

void Connection::vanish() {
  if (phase_ == Phase::gone) return;
  end({CloseCause::local, 0, {}});
  phase_ = Phase::gone;
  for (const ngtcp2_cid& cid : cids_) core_.table.remove(text_of(cid.data, cid.datalen), *this);
  cids_.clear();
  forget_state();
  mark_dirty();
}

// Forgets the state that only a live connection needs: nearly all of its memory.
void Connection::forget_state() {
  for (const ResetToken& token : tokens_) core_.table.remove_token(token, *this);
  tokens_.clear();
  quic_.reset();
  tls_.reset();
  waiting_ = {};
  ready_ = {};
  resets_.clear();
  for (const auto& [id, stream] : streams_) {
    if (stream.out.finished() && stream.out.arrived()) delivered_.push_back(id);
  }
  std::sort(delivered_.begin(), delivered_.end());
  std::unordered_map<StreamId, Stream>().swap(streams_);
  drop_queued(queued_);
  open_ends_ = 0;
}

bool Connection::delivered(StreamId id) const {
  const auto found = streams_.find(id);
  if (found != streams_.end()) return found->second.out.finished() && found->second.out.arrived();
  return std::binary_search(delivered_.begin(), delivered_.end(), id);
}

std::optional<Duration> Connection::round_trip() const {
  if (quic_ == nullptr) return std::nullopt;
  return smoothed_round_trip(quic_.get());
}

void Connection::check_invariants() const {
  MACULA_CHECK(timer_.connection == this);
  MACULA_CHECK((quic_ != nullptr) == (phase_ == Phase::live));
  MACULA_CHECK(phase_ == Phase::live || ended_);
  MACULA_CHECK(phase_ == Phase::live || streams_.empty());
  MACULA_CHECK(phase_ == Phase::gone || !cids_.empty());
  MACULA_CHECK(!half_open_ || (!dialled_ && !up_ && !ended_));
  for (const ngtcp2_cid& cid : cids_) {
    MACULA_CHECK(core_.table.find(text_of(cid.data, cid.datalen)) == this);
  }
}

}  // namespace macula::dht::quic
