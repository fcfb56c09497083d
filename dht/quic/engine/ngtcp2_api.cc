#include "dht/quic/engine/ngtcp2_api.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace macula::dht::quic {

namespace {

// Below these 0.12 stalls or closes connections.
constexpr std::uint64_t kLeastStreamWindow = std::uint64_t{256} << 10;
constexpr std::uint64_t kLeastConnectionWindow = std::uint64_t{1} << 20;
// As many of the peer's connection ids as are in use at once: one, and its successor.
constexpr std::uint64_t kActiveCids = 2;

sockaddr_in6 socket_address(const dht::Endpoint& endpoint) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(endpoint.port);
  std::memcpy(&address.sin6_addr, endpoint.address.data(), endpoint.address.size());
  return address;
}

}  // namespace

ngtcp2_tstamp timestamp(Time time) {
  const std::int64_t ns = to_ns(time);
  MACULA_CHECK(ns >= 0);
  return static_cast<ngtcp2_tstamp>(ns);
}

Time time_of(ngtcp2_tstamp timestamp) {
  constexpr auto kLast = static_cast<ngtcp2_tstamp>(to_ns(kTimeMax));
  return timestamp >= kLast ? kTimeMax : time_from_ns(static_cast<std::int64_t>(timestamp));
}

Path::Path(const dht::Endpoint& remote) : remote_(socket_address(remote)) {
  local_.sin6_family = AF_INET6;
}

ngtcp2_path Path::get() {
  ngtcp2_path path{};
  path.local.addr = reinterpret_cast<ngtcp2_sockaddr*>(&local_);
  path.local.addrlen = sizeof local_;
  path.remote.addr = reinterpret_cast<ngtcp2_sockaddr*>(&remote_);
  path.remote.addrlen = sizeof remote_;
  return path;
}

const ngtcp2_sockaddr* Path::remote() const {
  return reinterpret_cast<const ngtcp2_sockaddr*>(&remote_);
}

ngtcp2_settings make_settings(const EngineConfig& config, RandomSource& random, Time now) {
  ngtcp2_settings settings;
  ngtcp2_settings_default(&settings);
  settings.initial_ts = timestamp(now);
  settings.initial_rtt = duration(config.initial_rtt);
  settings.handshake_timeout = duration(config.handshake_timeout);
  settings.max_tx_udp_payload_size = kDatagramBytes;
  settings.no_pmtud = 1;
  settings.max_window = 0;
  settings.max_stream_window = 0;
  settings.rand_ctx.native_handle = &random;
  return settings;
}

void set_token(ngtcp2_settings& settings, std::string_view token) {
  settings.token.base = const_cast<std::uint8_t*>(bytes_of(token));
  settings.token.len = token.size();
}

ngtcp2_transport_params make_params(const EngineConfig& config) {
  ngtcp2_transport_params params;
  ngtcp2_transport_params_default(&params);
  const std::uint64_t stream_window = std::max(config.stream_window, kLeastStreamWindow);
  params.initial_max_stream_data_bidi_local = stream_window;
  params.initial_max_stream_data_bidi_remote = stream_window;
  params.initial_max_data = std::max(config.connection_window, kLeastConnectionWindow);
  params.initial_max_streams_bidi = config.max_streams;
  params.initial_max_streams_uni = 0;
  params.max_idle_timeout = duration(config.idle_timeout);
  params.active_connection_id_limit = kActiveCids;
  params.disable_active_migration = 1;
  return params;
}

void set_server_params(ngtcp2_transport_params& params, const ngtcp2_cid& original,
                       const ngtcp2_cid* retry, const ResetToken& token) {
  params.original_dcid = original;
  if (retry != nullptr) {
    params.retry_scid = *retry;
    params.retry_scid_present = 1;
  }
  params.stateless_reset_token_present = 1;
  std::copy(token.begin(), token.end(), params.stateless_reset_token);
}

std::optional<ResetToken> peer_reset_token(ngtcp2_conn* connection) {
  const ngtcp2_transport_params* params = ngtcp2_conn_get_remote_transport_params(connection);
  if (params == nullptr || params->stateless_reset_token_present == 0) return std::nullopt;
  ResetToken token;
  std::copy_n(params->stateless_reset_token, token.size(), token.begin());
  return token;
}

std::optional<Duration> smoothed_round_trip(ngtcp2_conn* connection) {
  ngtcp2_conn_stat stat;
  ngtcp2_conn_get_conn_stat(connection, &stat);
  if (stat.first_rtt_sample_ts == UINT64_MAX) return std::nullopt;
  return Duration{static_cast<std::int64_t>(stat.smoothed_rtt)};
}

bool waits_for_acknowledgement(ngtcp2_conn* connection) {
  ngtcp2_conn_stat stat;
  ngtcp2_conn_get_conn_stat(connection, &stat);
  return stat.bytes_in_flight > 0;
}

CloseFrame close_frame_of(ngtcp2_conn* connection, int error) {
  if (error == NGTCP2_ERR_CRYPTO) {
    return {CloseFrame::Kind::tls_alert, ngtcp2_conn_get_tls_alert(connection), {}};
  }
  return {CloseFrame::Kind::transport, ngtcp2_err_infer_quic_transport_error_code(error), {}};
}

CloseFrame received_close(ngtcp2_conn* connection) {
  ngtcp2_connection_close_error error;
  ngtcp2_conn_get_connection_close_error(connection, &error);
  CloseFrame frame;
  frame.code = error.error_code;
  if (error.reason != nullptr) frame.reason = std::string(text_of(error.reason, error.reasonlen));
  if (error.type != NGTCP2_CONNECTION_CLOSE_ERROR_CODE_TYPE_APPLICATION) {
    // RFC 9001, section 4.8: the alert is the last byte of the code.
    const bool alert = (frame.code & ~std::uint64_t{0xff}) == NGTCP2_CRYPTO_ERROR;
    frame.kind = alert ? CloseFrame::Kind::tls_alert : CloseFrame::Kind::transport;
    if (alert) frame.code &= 0xff;
  }
  return frame;
}

std::string write_close(ngtcp2_conn* connection, const CloseFrame& frame,
                        const dht::Endpoint& remote, Time now) {
  ngtcp2_connection_close_error error;
  ngtcp2_connection_close_error_default(&error);
  const std::uint8_t* reason = bytes_of(frame.reason);
  switch (frame.kind) {
    case CloseFrame::Kind::application:
      ngtcp2_connection_close_error_set_application_error(&error, frame.code, reason,
                                                          frame.reason.size());
      break;
    case CloseFrame::Kind::transport:
      ngtcp2_connection_close_error_set_transport_error(&error, frame.code, reason,
                                                        frame.reason.size());
      break;
    case CloseFrame::Kind::tls_alert:
      ngtcp2_connection_close_error_set_transport_error_tls_alert(
          &error, static_cast<std::uint8_t>(frame.code), reason, frame.reason.size());
      break;
  }
  Path addresses(remote);
  ngtcp2_path path = addresses.get();
  ngtcp2_pkt_info info{};
  std::array<std::uint8_t, kDatagramBytes> packet;
  const ngtcp2_ssize size = ngtcp2_conn_write_connection_close(
      connection, &path, &info, packet.data(), packet.size(), &error, timestamp(now));
  if (size <= 0) return {};
  return std::string(text_of(packet.data(), static_cast<std::size_t>(size)));
}

ResetToken reset_token(std::string_view secret, const ngtcp2_cid& cid) {
  ResetToken token;
  const int failed = ngtcp2_crypto_generate_stateless_reset_token(token.data(), bytes_of(secret),
                                                                  secret.size(), &cid);
  MACULA_CHECK(failed == 0);
  return token;
}

}  // namespace macula::dht::quic
