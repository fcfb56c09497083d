// Streams of a connection: what the host asks of them, what ngtcp2 tells of them, and what of that
// is told to the host.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "dht/quic/engine/connection.h"

namespace macula::dht::quic {

namespace {

constexpr StreamId kIdStep = 4;  // RFC 9000, section 2.1: ids of one kind
// The peer is allowed new streams once this part of its limit is gone. A word for each would be
// answered by an acknowledgement for each.
constexpr std::uint64_t kPartOfLimit = 8;

}  // namespace

// ----- what the host asks -----

// ngtcp2 gives ids in order, so the id is known before the peer allows the stream.
StreamId Connection::open_stream() {
  const StreamId id = next_stream_;
  next_stream_ += kIdStep;
  waiting_.push_back(add_stream(id, true));
  mark_dirty();
  return id;
}

void Connection::write(StreamId id, std::string bytes, bool fin) {
  Stream* stream = find(id);
  if (stream == nullptr || stream->abandoned) return;
  SendQueue& out = stream->out;
  if (out.finished() || out.given_up()) return;
  add_queued(bytes.size());
  out.push(std::move(bytes));
  if (fin) {
    out.finish();
    ++open_ends_;
  }
  make_ready(*stream);
  core_.written = true;
  mark_dirty();
}

void Connection::consume(StreamId id, std::size_t bytes) {
  Stream* stream = find(id);
  if (stream == nullptr) return;
  credit(*stream, std::min(bytes, stream->unconsumed));
}

void Connection::abandon(StreamId id, std::uint64_t code) {
  for (Held& held : held_) {
    if (held.stream == id && held.kind != Held::Kind::connected) held.dropped = true;
  }
  Stream* stream = find(id);
  if (stream == nullptr || stream->abandoned) return;
  stream->abandoned = true;
  stream->silent = true;
  stream->code = code;
  credit(*stream, stream->unconsumed);
  if (stream->known_to_peer) {
    resets_.push_back(id);
  } else {
    // The peer's ngtcp2 would swallow a reset. It is reset once something has arrived.
    if (stream->out.untouched()) drop_queued(stream->out.clear());
    if (!stream->out.finished()) {
      stream->out.finish();
      ++open_ends_;
    }
    make_ready(*stream);
  }
  mark_dirty();
}

// ----- what ngtcp2 tells -----

void Connection::on_data(Stream& stream, std::string_view bytes, bool fin) {
  stream.unconsumed += bytes.size();
  if (stream.abandoned || ended_) {
    credit(stream, stream.unconsumed);
    return;
  }
  if (!stream.silent) tell_data(stream, bytes, fin);
}

void Connection::on_acknowledged(Stream& stream, std::uint64_t offset) {
  drop_queued(stream.out.acknowledged(offset));
  settle_end(stream);
  if (stream.known_to_peer) return;
  stream.known_to_peer = true;
  if (stream.abandoned) resets_.push_back(stream.id);
}

void Connection::on_peer_reset(Stream& stream) {
  stream.broken = true;
  stream.known_to_peer = true;
  credit(stream, stream.unconsumed);
  const bool tell = !stream.silent;
  stream.silent = true;
  if (!stream.abandoned) {
    stream.abandoned = true;
    resets_.push_back(stream.id);
  }
  if (tell) tell_closed(stream.id, true);
}

void Connection::on_stream_end(Stream& stream, bool broken) {
  if (writing_ == &stream) writing_ = nullptr;
  // The peer's bytes that nobody has used, and nobody will: only the connection still counts them.
  ngtcp2_conn_extend_max_offset(quic_.get(), stream.unconsumed);
  give_up_sending(stream);
  StreamList::remove(stream);
  const StreamId id = stream.id;
  const bool tell = !stream.silent;
  const bool broken_off = broken || stream.broken;
  streams_.erase(id);
  if (tell) tell_closed(id, broken_off);
}

void Connection::on_peer_stream_gone() {
  ++gone_streams_;
  if (gone_streams_ * kPartOfLimit < core_.config.max_streams) return;
  ngtcp2_conn_extend_max_streams_bidi(quic_.get(), std::exchange(gone_streams_, 0));
}

// ----- both -----

Stream* Connection::find(StreamId id) {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : &found->second;
}

Stream& Connection::add_stream(StreamId id, bool local) {
  const auto [place, fresh] = streams_.try_emplace(id, id, local);
  MACULA_CHECK(fresh);
  Stream& stream = place->second;
  stream.opened = stream.known_to_peer = !local;
  return stream;
}

void Connection::make_ready(Stream& stream) {
  if (!stream.opened || stream.parked || stream.list != nullptr) return;
  if (stream.out.wants_to_send()) ready_.push_back(stream);
}

void Connection::give_up_sending(Stream& stream) {
  drop_queued(stream.out.give_up());
  settle_end(stream);
  if (stream.list == &ready_) StreamList::remove(stream);
}

void Connection::settle_end(Stream& stream) {
  if (stream.end_settled || !stream.out.finished()) return;
  if (!stream.out.arrived() && !stream.out.given_up()) return;
  stream.end_settled = true;
  --open_ends_;
}

void Connection::credit(Stream& stream, std::size_t bytes) {
  if (bytes == 0) return;
  stream.unconsumed -= bytes;
  ngtcp2_conn_extend_max_stream_offset(quic_.get(), stream.id, bytes);
  ngtcp2_conn_extend_max_offset(quic_.get(), bytes);
  mark_dirty();
}

// ----- events -----

// Never in flush(), and never before the connection is up.
bool Connection::may_tell() const {
  return core_.telling && up_ && held_.empty();
}

void Connection::on_up() {
  close_half_open();
  if (!dialled_) on_answered();
  ++core_.counters.handshakes;
  const Duration keepalive = core_.config.keepalive;
  if (keepalive > Duration::zero()) {
    ngtcp2_conn_set_keep_alive_timeout(quic_.get(), duration(keepalive));
  }
  if (ended_) return;
  up_ = true;
  if (core_.telling) {
    tell_connected();
    tell_held();
  } else {
    held_.insert(held_.begin(), Held{Held::Kind::connected, 0, {}, false});
  }
}

void Connection::tell_connected() {
  MACULA_CHECK(tls_->peer().has_value());
  core_.events.on_connected(id_, {*tls_->peer(), remote_, dialled_});
}

void Connection::tell_data(Stream& stream, std::string_view bytes, bool fin) {
  if (may_tell()) {
    core_.events.on_stream_data(id_, stream.id, bytes, fin);
  } else {
    held_.push_back({Held::Kind::data, stream.id, std::string(bytes), fin});
  }
}

void Connection::tell_closed(StreamId stream, bool broken) {
  if (ended_) return;
  if (may_tell()) {
    core_.events.on_stream_closed(id_, stream, broken);
  } else {
    held_.push_back({Held::Kind::closed, stream, {}, broken});
  }
}

// Handlers may end the connection, which clears the list, or abandon streams in it.
void Connection::tell_held() {
  if (!up_ || held_.empty()) return;
  std::size_t next = 0;
  while (next < held_.size()) {
    const Held event = std::move(held_[next++]);
    if (event.dropped) continue;
    switch (event.kind) {
      case Held::Kind::connected:
        tell_connected();
        break;
      case Held::Kind::data:
        core_.events.on_stream_data(id_, event.stream, event.bytes, event.flag);
        break;
      case Held::Kind::closed:
        core_.events.on_stream_closed(id_, event.stream, event.flag);
        break;
    }
  }
  held_.clear();
}

}  // namespace macula::dht::quic
