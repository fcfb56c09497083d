// How a connection fills its datagrams.
#include <algorithm>
#include <array>

#include "base/check.h"
#include "dht/quic/engine/connection.h"

namespace macula::dht::quic {

namespace {

// While the handshake goes on nothing is paced: its flights are a few datagrams.
constexpr std::size_t kHandshakeBurst = 16;
// A timer that is due but has nothing to do is tried again no sooner.
constexpr Duration kGranularity = std::chrono::milliseconds(1);  // RFC 9002, section 6.1.2

}  // namespace

void Connection::flush(Time now, DatagramSink& sink) {
  dirty_ = false;
  sent_ = 0;
  all_written_ = false;
  if (phase_ == Phase::live && !close_) write_packets(now, sink);
  if (phase_ == Phase::live && close_) write_close_packet(now);
  if (close_due_) {
    close_due_ = false;
    core_.send(sink, local_, remote_, close_packet_);
  }
  if (phase_ == Phase::live && up_) tls_->finish();
  rearm(now);
}

void Connection::write_packets(Time now, DatagramSink& sink) {
  open_waiting();
  reset_abandoned();
  ngtcp2_conn* quic = quic_.get();
  const bool paced = ngtcp2_conn_get_handshake_completed(quic) != 0;
  const std::size_t burst =
      paced ? std::max<std::size_t>(1, ngtcp2_conn_get_send_quantum(quic) / kDatagramBytes)
            : kHandshakeBurst;
  std::array<std::uint8_t, kDatagramBytes> packet;
  while (sent_ < burst) {
    if (limited_ && core_.initials.allowed_from(remote_, now) > now) {
      ++core_.counters.initials_withheld;
      break;
    }
    const ngtcp2_ssize size = write_packet(packet.data(), now);
    if (size < 0) {
      fail(static_cast<int>(size), now);
      return;
    }
    if (size == 0) break;
    ++sent_;
    if (limited_) core_.initials.spend(remote_, now);
    core_.send(sink, local_, remote_, text_of(packet.data(), static_cast<std::size_t>(size)));
  }
  unfinished_write_ = sent_ == burst && !paced;
  all_written_ = sent_ > 0 && sent_ < burst && paced;
  // Not before: pacing by a guessed round trip holds the handshake back.
  if (paced) ngtcp2_conn_update_pkt_tx_time(quic, timestamp(now));
}

// One datagram with frames of as many streams as fit. 0: nothing to send, or not allowed to.
ngtcp2_ssize Connection::write_packet(std::uint8_t* packet, Time now) {
  ngtcp2_conn* quic = quic_.get();
  Path addresses(remote_);
  ngtcp2_path path = addresses.get();
  ngtcp2_pkt_info info{};
  for (;;) {
    Stream* stream = ready_.front();
    // With an empty connection window ngtcp2 would not say so, and take nothing for ever.
    if (stream != nullptr && stream->out.has_bytes_to_send() &&
        ngtcp2_conn_get_max_data_left(quic) == 0) {
      stream = nullptr;
    }
    SendQueue::Offer offer;
    if (stream != nullptr) offer = stream->out.offer();
    std::uint32_t flags = NGTCP2_WRITE_STREAM_FLAG_NONE;
    if (stream != nullptr) flags |= NGTCP2_WRITE_STREAM_FLAG_MORE;
    if (offer.fin) flags |= NGTCP2_WRITE_STREAM_FLAG_FIN;
    ngtcp2_ssize taken = -1;
    writing_ = stream;
    const ngtcp2_ssize size = ngtcp2_conn_writev_stream(
        quic, &path, &info, packet, kDatagramBytes, &taken, flags,
        stream == nullptr ? -1 : stream->id, offer.pieces.data(), offer.count, timestamp(now));
    stream = writing_;
    writing_ = nullptr;
    if (stream != nullptr && taken >= 0) {
      stream->out.sent(static_cast<std::size_t>(taken), offer.fin);
      // Those that have more wait for their next turn.
      StreamList::remove(*stream);
      make_ready(*stream);
    }
    switch (size) {
      case NGTCP2_ERR_WRITE_MORE:
        break;
      case NGTCP2_ERR_STREAM_DATA_BLOCKED:
        MACULA_CHECK(stream != nullptr);
        stream->parked = true;
        StreamList::remove(*stream);
        break;
      case NGTCP2_ERR_STREAM_SHUT_WR:
      case NGTCP2_ERR_STREAM_NOT_FOUND:
        MACULA_CHECK(stream != nullptr);
        give_up_sending(*stream);
        break;
      default:
        return size;
    }
  }
}

void Connection::open_waiting() {
  while (!waiting_.empty() && ngtcp2_conn_get_streams_bidi_left(quic_.get()) > 0) {
    Stream& stream = *waiting_.front();
    std::int64_t id = -1;
    const int result = ngtcp2_conn_open_bidi_stream(quic_.get(), &id, &stream);
    MACULA_CHECK(result == 0 && id == stream.id);
    StreamList::remove(stream);
    stream.opened = true;
    make_ready(stream);
  }
}

void Connection::reset_abandoned() {
  for (const StreamId id : resets_) {
    Stream* stream = find(id);
    if (stream == nullptr || stream->reset) continue;
    stream->reset = true;
    give_up_sending(*stream);
    const int result = ngtcp2_conn_shutdown_stream(quic_.get(), id, stream->code);
    MACULA_CHECK(result == 0);
  }
  resets_.clear();
}

void Connection::write_close_packet(Time now) {
  close_packet_ = write_close(quic_.get(), *close_, remote_, now);
  if (close_packet_.empty()) {
    vanish();
    return;
  }
  close_due_ = true;
  linger(Phase::closing, now);
}

void Connection::rearm(Time now) {
  if (phase_ != Phase::live) {
    core_.timers.set(timer_, phase_ == Phase::gone ? kTimeMax : deadline_);
    return;
  }
  Time expiry = time_of(ngtcp2_conn_get_expiry(quic_.get()));
  if (expiry <= now && sent_ == 0 && expired_at_ == now) expiry = now + kGranularity;
  // The time at which pacing allows the next packet: nobody waits for it. A timer of recovery may
  // be late by its granularity.
  if (all_written_) expiry = std::max(expiry, now + kGranularity);
  if (unfinished_write_ || (up_ && !held_.empty())) expiry = now;
  core_.timers.set(timer_, expiry);
}

}  // namespace macula::dht::quic
