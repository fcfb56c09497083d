// One QUIC connection: an ngtcp2 connection with its TLS session, its streams and its end.
//
// It lives as long as ngtcp2 does something with it; after that it is closing (its last packet is
// kept, and sent again to a peer that has not heard it) or draining (silent) for three probe
// timeouts, with neither ngtcp2 nor TLS state left, and then gone.
//
// ngtcp2 is never called from inside its own callbacks, except to give credit: everything else is
// noted here and done in flush().
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dht/quic/engine/engine_core.h"
#include "dht/quic/engine/ngtcp2_api.h"
#include "dht/quic/engine/stream.h"
#include "dht/quic/engine/tls_session.h"

namespace macula::dht::quic {

class Connection {
 public:
  [[nodiscard]] static std::unique_ptr<Connection> dial(EngineCore& core, ConnectionId id,
                                                        const dht::Endpoint& remote,
                                                        const std::optional<NodeId>& expected,
                                                        Time now, bool named_by_others);
  // `original`: what the token of a Retry says that the client first sent to. Nothing where ngtcp2
  // refuses the packet.
  [[nodiscard]] static std::unique_ptr<Connection> accept(EngineCore& core, ConnectionId id,
                                                          const dht::Endpoint& remote,
                                                          const ngtcp2_pkt_hd& initial,
                                                          const std::optional<ngtcp2_cid>& original,
                                                          Time now);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void receive(std::string_view datagram, Time now);
  void on_expiry(Time now);
  void flush(Time now, DatagramSink& sink);

  // All its datagrams leave from there. Before: from where the system chooses.
  void answer_from(const LocalAddress& local) { local_ = local; }
  [[nodiscard]] StreamId open_stream();
  void write(StreamId stream, std::string bytes, bool fin);
  void consume(StreamId stream, std::size_t bytes);
  void abandon(StreamId stream, std::uint64_t code);
  void close(std::uint64_t code, std::string_view reason);

  // Without a word: a handshake that gives way to others.
  void drop() { vanish(); }

  [[nodiscard]] ConnectionId id() const { return id_; }
  [[nodiscard]] bool dialled() const { return dialled_; }
  [[nodiscard]] const dht::Endpoint& remote() const { return remote_; }
  // No more events, and no effect of the calls above.
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] bool gone() const { return phase_ == Phase::gone && !dirty_; }
  [[nodiscard]] bool quiet() const { return queued_ == 0 && open_ends_ == 0; }
  [[nodiscard]] std::size_t queued() const { return queued_; }
  [[nodiscard]] bool delivered(StreamId id) const;
  [[nodiscard]] std::size_t streams() const { return streams_.size(); }
  [[nodiscard]] std::optional<Duration> round_trip() const;
  void check_invariants() const;

 private:
  friend struct ConnectionCallbacks;

  enum class Phase : std::uint8_t { live, closing, draining, gone };
  struct Deleter {
    void operator()(ngtcp2_conn* connection) const { ngtcp2_conn_del(connection); }
  };
  // An event that could not be told when it happened.
  struct Held {
    enum class Kind : std::uint8_t { connected, data, closed };
    Kind kind = Kind::data;
    StreamId stream = 0;
    std::string bytes;
    bool flag = false;     // fin, or broken
    bool dropped = false;  // its stream was abandoned
  };

  Connection(EngineCore& core, ConnectionId id, const dht::Endpoint& remote, bool dialled);
  void adopt(ngtcp2_conn* connection);
  [[nodiscard]] ngtcp2_cid issue_cid();
  void mark_dirty();
  void add_queued(std::size_t bytes);
  void drop_queued(std::size_t bytes);

  // ----- events -----
  [[nodiscard]] bool may_tell() const;
  void on_answered();  // of what was sent to an endpoint the first has come
  void close_half_open();
  void on_up();  // handshake done: completed by the client, confirmed by the server
  void tell_connected();
  void tell_data(Stream& stream, std::string_view bytes, bool fin);
  void tell_closed(StreamId stream, bool broken);
  void tell_held();

  // ----- streams -----
  [[nodiscard]] Stream* find(StreamId id);
  Stream& add_stream(StreamId id, bool local);
  void make_ready(Stream& stream);
  void on_data(Stream& stream, std::string_view bytes, bool fin);
  void on_acknowledged(Stream& stream, std::uint64_t offset);
  void on_peer_reset(Stream& stream);
  void on_stream_end(Stream& stream, bool broken);
  // It may open another.
  void on_peer_stream_gone();
  void give_up_sending(Stream& stream);
  void settle_end(Stream& stream);
  void credit(Stream& stream, std::size_t bytes);

  // ----- writing -----
  void open_waiting();
  void reset_abandoned();
  void write_packets(Time now, DatagramSink& sink);
  [[nodiscard]] ngtcp2_ssize write_packet(std::uint8_t* packet, Time now);
  void write_close_packet(Time now);
  void rearm(Time now);

  // ----- the end -----
  void fail(int error, Time now);
  void end(Closed closed);
  [[nodiscard]] Closed closed_by_peer();
  void linger(Phase phase, Time now);
  void vanish();
  void forget_state();

  EngineCore& core_;
  const ConnectionId id_;
  const dht::Endpoint remote_;
  LocalAddress local_{};
  const bool dialled_;
  std::unique_ptr<TlsSession> tls_;             // outlives the connection below
  ConnectionMemory memory_;                     // likewise
  std::unique_ptr<ngtcp2_conn, Deleter> quic_;  // while live
  Phase phase_ = Phase::live;
  bool up_ = false;         // told as connected, or about to be
  bool half_open_ = false;  // counted as such
  bool limited_ = false;    // what it sends, until an answer comes
  bool ended_ = false;
  bool dirty_ = false;
  bool reset_by_peer_ = false;
  bool unfinished_write_ = false;  // by the last flush: the burst was used up
  bool all_written_ = false;       // by the last flush: everything that may be sent
  std::size_t sent_ = 0;           // datagrams of the last flush
  std::optional<Time> expired_at_;

  std::vector<ngtcp2_cid> cids_;    // in the table
  std::vector<ResetToken> tokens_;  // in the table
  ExpiryTimer timer_;

  // Looked up, and walked only at the end, in no order that matters.
  std::unordered_map<StreamId, Stream> streams_;
  std::vector<StreamId> delivered_;  // sorted: of the streams at the end
  StreamId next_stream_;
  StreamList waiting_;              // for the peer to allow them
  StreamList ready_;                // to send
  std::uint64_t gone_streams_ = 0;  // of the peer, for which it was not yet allowed others
  std::vector<StreamId> resets_;    // to be given up at the next flush
  Stream* writing_ = nullptr;
  std::size_t queued_ = 0;     // bytes not acknowledged
  std::size_t open_ends_ = 0;  // streams whose end has not arrived at the peer
  std::vector<Held> held_;

  std::optional<CloseFrame> close_;  // to be sent
  std::string close_packet_;
  std::uint64_t heard_ = 0;      // datagrams since the close was sent
  std::uint64_t answer_at_ = 1;  // and which of them is answered by it
  bool close_due_ = false;
  Time deadline_ = kTimeMax;  // of closing and draining
};

}  // namespace macula::dht::quic
