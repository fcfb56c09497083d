// The one place that knows which version of ngtcp2 this is: 0.12.
//
// Other files use ngtcp2 through this header. Anything that later versions name or type
// differently, or that this version must not be told, has a function here: settings, transport
// parameters, close errors, tokens, times and paths.
#pragma once

#include <netinet/in.h>
#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "dht/contact/endpoint.h"
#include "dht/quic/engine/engine.h"

namespace macula::dht::quic {

inline constexpr std::size_t kCidBytes = 8;          // of the connection ids that we issue
inline constexpr std::size_t kDatagramBytes = 1200;  // largest that we send: no path discovery
inline constexpr std::size_t kTokenBytes = NGTCP2_STATELESS_RESET_TOKENLEN;
inline constexpr std::uint32_t kVersion = NGTCP2_PROTO_VER_V1;

using ResetToken = std::array<std::uint8_t, kTokenBytes>;

[[nodiscard]] inline const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}
[[nodiscard]] inline std::string_view text_of(const std::uint8_t* bytes, std::size_t count) {
  return {reinterpret_cast<const char*>(bytes), count};
}

// Times of ours are never negative.
[[nodiscard]] ngtcp2_tstamp timestamp(Time time);
[[nodiscard]] Time time_of(ngtcp2_tstamp timestamp);  // UINT64_MAX: kTimeMax
[[nodiscard]] inline ngtcp2_duration duration(Duration d) {
  return static_cast<ngtcp2_duration>(d.count());
}

// Addresses of a connection. ngtcp2_path holds pointers: made anew for each call.
class Path {
 public:
  explicit Path(const dht::Endpoint& remote);
  [[nodiscard]] ngtcp2_path get();
  [[nodiscard]] const ngtcp2_sockaddr* remote() const;
  [[nodiscard]] static constexpr ngtcp2_socklen remote_bytes() { return sizeof(sockaddr_in6); }

 private:
  sockaddr_in6 local_{};
  sockaddr_in6 remote_{};
};

// Settings of every connection. Windows do not grow by themselves (max_window, max_stream_window):
// version 0.12 then closes connections for flow control that nobody violated. No qlog: it has had
// buffer overflows.
[[nodiscard]] ngtcp2_settings make_settings(const EngineConfig& config, RandomSource& random,
                                            Time now);
// The token of a Retry that was answered. The bytes must outlive the making of the connection.
void set_token(ngtcp2_settings& settings, std::string_view token);

[[nodiscard]] ngtcp2_transport_params make_params(const EngineConfig& config);
// The parameters that a server adds: the id that the client chose first, and the one of our Retry,
// if any.
void set_server_params(ngtcp2_transport_params& params, const ngtcp2_cid& original,
                       const ngtcp2_cid* retry, const ResetToken& token);
// Stateless reset token that the peer gave with its transport parameters.
[[nodiscard]] std::optional<ResetToken> peer_reset_token(ngtcp2_conn* connection);
[[nodiscard]] std::optional<Duration> smoothed_round_trip(ngtcp2_conn* connection);
// Something that this end has sent was not acknowledged.
[[nodiscard]] bool waits_for_acknowledgement(ngtcp2_conn* connection);

// Why a connection is closed, as it goes into CONNECTION_CLOSE.
struct CloseFrame {
  enum class Kind : std::uint8_t { application, transport, tls_alert };
  Kind kind = Kind::application;
  std::uint64_t code = 0;
  std::string reason;
};
// The frame for an error that ngtcp2 returned.
[[nodiscard]] CloseFrame close_frame_of(ngtcp2_conn* connection, int error);
// The frame that the peer sent.
[[nodiscard]] CloseFrame received_close(ngtcp2_conn* connection);
// The packet with the frame; empty where none can be written yet.
[[nodiscard]] std::string write_close(ngtcp2_conn* connection, const CloseFrame& frame,
                                      const dht::Endpoint& remote, Time now);

[[nodiscard]] ResetToken reset_token(std::string_view secret, const ngtcp2_cid& cid);

}  // namespace macula::dht::quic
