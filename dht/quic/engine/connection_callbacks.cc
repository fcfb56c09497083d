#include "dht/quic/engine/connection_callbacks.h"

#include <algorithm>

#include "dht/quic/engine/connection.h"
#include "dht/quic/engine/random_source.h"

namespace macula::dht::quic {

// Friend of Connection; the functions have ngtcp2's signatures.
struct ConnectionCallbacks {
  static Connection& self(void* user_data) { return *static_cast<Connection*>(user_data); }

  static void rand(std::uint8_t* dest, std::size_t count, const ngtcp2_rand_ctx* context) {
    static_cast<RandomSource*>(context->native_handle)->fill(dest, count);
  }
  static int path_challenge(ngtcp2_conn*, std::uint8_t* data, void* user_data) {
    self(user_data).core_.random.fill(data, NGTCP2_PATH_CHALLENGE_DATALEN);
    return 0;
  }

  static int crypto_data(ngtcp2_conn* quic, ngtcp2_crypto_level level, std::uint64_t offset,
                         const std::uint8_t* data, std::size_t size, void* user_data) {
    Connection& connection = self(user_data);
    if (connection.dialled_ && level == NGTCP2_CRYPTO_LEVEL_INITIAL) connection.on_answered();
    if (connection.tls_->finished()) return 0;
    return ngtcp2_crypto_recv_crypto_data_cb(quic, level, offset, data, size, user_data);
  }

  static int retry(ngtcp2_conn* quic, const ngtcp2_pkt_hd* packet, void* user_data) {
    self(user_data).on_answered();
    return ngtcp2_crypto_recv_retry_cb(quic, packet, user_data);
  }

  static int new_cid(ngtcp2_conn*, ngtcp2_cid* cid, std::uint8_t* token, std::size_t,
                     void* user_data) {
    Connection& connection = self(user_data);
    *cid = connection.issue_cid();
    const ResetToken reset = connection.core_.resets.token(*cid);
    std::copy(reset.begin(), reset.end(), token);
    return 0;
  }
  static int remove_cid(ngtcp2_conn*, const ngtcp2_cid* cid, void* user_data) {
    Connection& connection = self(user_data);
    connection.core_.table.remove(text_of(cid->data, cid->datalen), connection);
    std::erase_if(connection.cids_,
                  [cid](const ngtcp2_cid& other) { return ngtcp2_cid_eq(&other, cid) != 0; });
    return 0;
  }
  // Which ids of the peer are in use, hence which tokens end the connection.
  static int peer_cid_status(ngtcp2_conn*, int status, std::uint64_t, const ngtcp2_cid*,
                             const std::uint8_t* token, void* user_data) {
    if (token == nullptr) return 0;
    Connection& connection = self(user_data);
    ResetToken reset;
    std::copy_n(token, reset.size(), reset.begin());
    if (status == NGTCP2_CONNECTION_ID_STATUS_TYPE_ACTIVATE) {
      connection.core_.table.add_token(reset, connection);
      connection.tokens_.push_back(reset);
    } else {
      connection.core_.table.remove_token(reset, connection);
      std::erase(connection.tokens_, reset);
    }
    return 0;
  }

  static int handshake_completed(ngtcp2_conn* quic, void* user_data) {
    Connection& connection = self(user_data);
    if (const auto token = peer_reset_token(quic)) {
      connection.core_.table.add_token(*token, connection);
      connection.tokens_.push_back(*token);
    }
    // A client that is done does not know yet whether the server accepts it.
    if (!connection.dialled_) connection.on_up();
    return 0;
  }
  static int handshake_confirmed(ngtcp2_conn*, void* user_data) {
    Connection& connection = self(user_data);
    if (connection.dialled_) connection.on_up();
    return 0;
  }
  static int stateless_reset(ngtcp2_conn*, const ngtcp2_pkt_stateless_reset*, void* user_data) {
    self(user_data).reset_by_peer_ = true;
    return 0;
  }

  static Stream& stream(Connection& connection, std::int64_t id, void* stream_data) {
    if (stream_data != nullptr) return *static_cast<Stream*>(stream_data);
    Stream& stream = connection.add_stream(id, false);
    ngtcp2_conn_set_stream_user_data(connection.quic_.get(), id, &stream);
    return stream;
  }
  static int stream_open(ngtcp2_conn*, std::int64_t id, void* user_data) {
    stream(self(user_data), id, nullptr);
    return 0;
  }
  static int stream_data(ngtcp2_conn*, std::uint32_t flags, std::int64_t id, std::uint64_t,
                         const std::uint8_t* data, std::size_t size, void* user_data,
                         void* stream_data) {
    Connection& connection = self(user_data);
    connection.on_data(stream(connection, id, stream_data), text_of(data, size),
                       (flags & NGTCP2_STREAM_DATA_FLAG_FIN) != 0);
    return 0;
  }
  static int acknowledged(ngtcp2_conn*, std::int64_t, std::uint64_t offset, std::uint64_t count,
                          void* user_data, void* stream_data) {
    if (stream_data == nullptr) return 0;
    self(user_data).on_acknowledged(*static_cast<Stream*>(stream_data), offset + count);
    return 0;
  }
  static int window_extended(ngtcp2_conn*, std::int64_t, std::uint64_t, void* user_data,
                             void* stream_data) {
    if (stream_data == nullptr) return 0;
    Stream& stream = *static_cast<Stream*>(stream_data);
    stream.parked = false;
    self(user_data).make_ready(stream);
    return 0;
  }
  static int stream_reset(ngtcp2_conn*, std::int64_t, std::uint64_t, std::uint64_t, void* user_data,
                          void* stream_data) {
    if (stream_data == nullptr) return 0;
    self(user_data).on_peer_reset(*static_cast<Stream*>(stream_data));
    return 0;
  }
  // ngtcp2 resets our direction by itself.
  static int stop_sending(ngtcp2_conn*, std::int64_t, std::uint64_t, void* user_data,
                          void* stream_data) {
    if (stream_data == nullptr) return 0;
    Stream& stream = *static_cast<Stream*>(stream_data);
    stream.broken = true;
    self(user_data).give_up_sending(stream);
    return 0;
  }
  static int stream_close(ngtcp2_conn* quic, std::uint32_t flags, std::int64_t id, std::uint64_t,
                          void* user_data, void* stream_data) {
    // A stream that the peer has opened and ended lets it open another, also where no frame of it
    // was seen.
    if (ngtcp2_conn_is_local_stream(quic, id) == 0) self(user_data).on_peer_stream_gone();
    if (stream_data == nullptr) return 0;
    self(user_data).on_stream_end(*static_cast<Stream*>(stream_data),
                                  (flags & NGTCP2_STREAM_CLOSE_FLAG_APP_ERROR_CODE_SET) != 0);
    return 0;
  }
};

const ngtcp2_callbacks& connection_callbacks() {
  static const ngtcp2_callbacks all = [] {
    using Own = ConnectionCallbacks;
    ngtcp2_callbacks callbacks{};
    callbacks.client_initial = ngtcp2_crypto_client_initial_cb;
    callbacks.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb;
    callbacks.recv_retry = Own::retry;
    callbacks.recv_crypto_data = Own::crypto_data;
    callbacks.encrypt = ngtcp2_crypto_encrypt_cb;
    callbacks.decrypt = ngtcp2_crypto_decrypt_cb;
    callbacks.hp_mask = ngtcp2_crypto_hp_mask_cb;
    callbacks.update_key = ngtcp2_crypto_update_key_cb;
    callbacks.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb;
    callbacks.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb;
    callbacks.version_negotiation = ngtcp2_crypto_version_negotiation_cb;
    callbacks.rand = Own::rand;
    callbacks.get_path_challenge_data = Own::path_challenge;
    callbacks.get_new_connection_id = Own::new_cid;
    callbacks.remove_connection_id = Own::remove_cid;
    callbacks.dcid_status = Own::peer_cid_status;
    callbacks.handshake_completed = Own::handshake_completed;
    callbacks.handshake_confirmed = Own::handshake_confirmed;
    callbacks.recv_stateless_reset = Own::stateless_reset;
    callbacks.stream_open = Own::stream_open;
    callbacks.recv_stream_data = Own::stream_data;
    callbacks.acked_stream_data_offset = Own::acknowledged;
    callbacks.extend_max_stream_data = Own::window_extended;
    callbacks.stream_reset = Own::stream_reset;
    callbacks.stream_stop_sending = Own::stop_sending;
    callbacks.stream_close = Own::stream_close;
    return callbacks;
  }();
  return all;
}

}  // namespace macula::dht::quic
