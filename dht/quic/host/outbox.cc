#include "dht/quic/host/outbox.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "dht/quic/host/peers.h"
#include "dht/quic/host/unfinished.h"
#include "dht/wire/codec.h"

namespace macula::dht::quic::host {
namespace {

constexpr std::size_t kMostWaiting = 256;  // for one node behind this end

}  // namespace

// ----- from the guest -----

RequestId Outbox::request(ContactRef to, wire::Message&& message, Duration timeout, Token token) {
  MACULA_CHECK(timeout > Duration{0});
  Outbound& outbound = add(to, std::move(message), timeout);
  outbound.request = true;
  outbound.token = token;
  const RequestId id{outbound.handle};
  if (core_->closing) {
    fail_soon(outbound, Failure::cancelled);
  } else {
    dispatch(outbound);
  }
  return id;
}

void Outbox::send(ContactRef to, wire::Message&& message) {
  if (core_->closing) {
    ++core_->counters.refused_full;
    return;
  }
  dispatch(add(to, std::move(message), core_->config.one_way_patience));
}

void Outbox::cancel(RequestId request) {
  Outbound* outbound = outbounds_.find(static_cast<Handle>(request));
  if (outbound == nullptr) return;
  give_up(*outbound);
  end(*outbound);
}

Outbound& Outbox::add(ContactRef to, wire::Message&& message, Duration patience) {
  const Handle handle = outbounds_.add();
  Outbound& outbound = *outbounds_.find(handle);
  outbound.handle = handle;
  outbound.to = to;
  outbound.message = std::move(message);
  outbound.timer = core_->timers.set(core_->now + patience, {Due::Kind::outbound, handle});
  return outbound;
}

void Outbox::fail_soon(Outbound& outbound, Failure failure) {
  detach(outbound);
  core_->timers.cancel(outbound.timer);
  outbound.failure = failure;
  outbound.timer = core_->timers.set(core_->now, {Due::Kind::outbound, outbound.handle});
}

void Outbox::refuse_full(Outbound& outbound) {
  ++core_->counters.refused_full;
  fail_soon(outbound, Failure::refused);
}

// ----- on its way -----

void Outbox::dispatch(Handle handle) {
  Outbound* outbound = outbounds_.find(handle);
  if (outbound != nullptr) dispatch(*outbound);
}

void Outbox::dispatch(Outbound& outbound) {
  if (outbound.to == kNoContact) {
    fail_soon(outbound, Failure::unreachable);
    return;
  }
  std::string frame = wire::encode(outbound.message, core_->book);
  outbound.size = frame.size();
  if (outbound.size > wire::kFrameHeader + wire::kMaxPayload) {
    fail_soon(outbound, Failure::refused);
    return;
  }
  // Others make this end pass messages on, and its own requests need room beside them.
  const std::size_t most = core_->config.max_pending / (outbound.request ? 1 : 2);
  if (outbounds_.size() > most) {
    refuse_full(outbound);
    return;
  }
  if (peers_->is_self(outbound.to)) return;
  if (!peers_->has_way(outbound.to)) {
    fail_soon(outbound, Failure::unreachable);
    return;
  }
  Peer& peer = peers_->of(outbound.to);
  const std::size_t queued =
      peer.waiting_bytes + (peer.way != nullptr ? core_->engine->queued(peer.way->id) : 0);
  if (queued > 0 && queued + outbound.size > core_->most_queued()) {
    refuse_full(outbound);
    return;
  }
  Channel* way = peers_->way(peer);
  // One that is behind this end and does not come may never come.
  if (way == nullptr && core_->book.is_relayed(outbound.to) &&
      peer.waiting.size() >= kMostWaiting) {
    refuse_full(outbound);
    return;
  }
  if (way != nullptr && may_start(outbound, *way)) {
    put_on(outbound, *way, std::move(frame));
  } else {
    wait(outbound, peer);
  }
}

bool Outbox::may_start(const Outbound& outbound, const Channel& channel) {
  return outbound.request || channel.connected;
}

void Outbox::wait(Outbound& outbound, Peer& peer) {
  outbound.peer = &peer;
  peer.waiting.push_back(outbound);
  peer.waiting_bytes += outbound.size;
  core_->waiting += outbound.size;
}

Peer& Outbox::stop_waiting(Outbound& outbound) {
  Peer& peer = *std::exchange(outbound.peer, nullptr);
  peer.waiting.remove(outbound);
  peer.waiting_bytes -= outbound.size;
  core_->waiting -= outbound.size;
  return peer;
}

void Outbox::start(Outbound& outbound, Channel& channel) {
  stop_waiting(outbound);
  put_on(outbound, channel, wire::encode(outbound.message, core_->book));
}

void Outbox::put_on(Outbound& outbound, Channel& channel, std::string frame) {
  const auto stream = core_->engine->open_stream(channel.id);
  // Where there is none the connection is about to end: that will send the message again.
  outbound.channel = &channel;
  outbound.sent = core_->now;
  channel.outbound.push_back(outbound);
  outbound.stream = stream;
  if (!stream) return;
  channel.streams.set(static_cast<std::uint64_t>(*stream), outbound.handle);
  core_->engine->write(channel.id, *stream, std::move(frame), /*fin=*/true);
  ++core_->counters.frames_out;
  peers_->used(channel);
}

// ----- its end -----

void Outbox::on_data(Channel& channel, StreamId stream, std::string_view bytes, bool fin) {
  core_->engine->consume(channel.id, stream, bytes.size());
  Outbound* outbound = outbounds_.find(channel.streams.get(static_cast<std::uint64_t>(stream)));
  if (outbound == nullptr) {  // an answer to CONNECT, or what follows an answer
    channel.heard = channel.heard || !bytes.empty();
    return;
  }
  if (!outbound->request) {
    if (fin) end(*outbound);  // the peer has read it all
    return;
  }
  outbound->answer.feed(bytes);
  const auto frame = outbound->answer.next();
  if (frame && *frame) {
    hand_over(*outbound, **frame, channel);
    return;
  }
  unfinished_->hold(*outbound, outbound->answer.buffered());
  if (frame) {
    ++core_->counters.refused_frames;
    break_off(*outbound);
  } else if (fin) {
    fail_soon(*outbound, Failure::refused);
  } else {
    unfinished_->make_room();
  }
}

void Outbox::break_off(Outbound& outbound) {
  core_->engine->abandon(outbound.channel->id, *outbound.stream,
                         static_cast<std::uint64_t>(Code::refused));
  fail_soon(outbound, Failure::refused);
}

void Outbox::hand_over(Outbound& outbound, const wire::Frame& frame, Channel& channel) {
  channel.heard = true;
  channel.useful = true;
  auto message = wire::decode(frame.type, frame.payload, core_->book);
  if (!message) {
    ++core_->counters.refused_frames;
    break_off(outbound);
    return;
  }
  ++core_->counters.frames_in;
  const Token token = outbound.token;
  core_->timers.cancel(outbound.timer);
  detach(outbound);
  outbounds_.remove(outbound.handle);
  core_->guest->on_reply(token, *message);
}

void Outbox::on_stream_closed(Channel& channel, StreamId stream) {
  Outbound* outbound = outbounds_.find(channel.streams.get(static_cast<std::uint64_t>(stream)));
  if (outbound == nullptr) return;
  if (outbound->request) {
    fail_soon(*outbound, Failure::refused);  // no answer was on it
  } else {
    end(*outbound);
  }
}

void Outbox::on_due(Handle handle) {
  Outbound* outbound = outbounds_.find(handle);
  if (outbound == nullptr) return;
  const bool request = outbound->request;
  const Token token = outbound->token;
  const Failure failure = outbound->failure;
  const Channel* const channel = outbound->channel;
  const bool delivered = channel != nullptr && outbound->stream &&
                         core_->engine->delivered(channel->id, *outbound->stream);
  if (channel != nullptr && failure == Failure::timeout && !delivered) {
    peers_->doubt(*outbound->channel, outbound->sent);
  }
  give_up(*outbound);
  end(*outbound);
  if (request) core_->guest->on_failure(token, failure);
}

void Outbox::give_up(Outbound& outbound) {
  if (outbound.channel == nullptr || !outbound.stream) return;
  core_->engine->abandon(outbound.channel->id, *outbound.stream,
                         static_cast<std::uint64_t>(Code::given_up));
}

void Outbox::end(Outbound& outbound) {
  core_->timers.cancel(outbound.timer);
  detach(outbound);
  outbounds_.remove(outbound.handle);
}

void Outbox::detach(Outbound& outbound) {
  unfinished_->hold(outbound, 0);
  outbound.answer.restart();
  if (Channel* channel = std::exchange(outbound.channel, nullptr)) {
    channel->outbound.remove(outbound);
    if (outbound.stream) channel->streams.erase(static_cast<std::uint64_t>(*outbound.stream));
  }
  if (outbound.peer != nullptr) peers_->forget_if_idle(stop_waiting(outbound));
}

std::vector<Handle> Outbox::leave(Channel& channel, bool once_more) {
  std::vector<Handle> again;
  while (Outbound* outbound = channel.outbound.front()) {
    const bool delivered =
        outbound->stream && core_->engine->delivered(channel.id, *outbound->stream);
    detach(*outbound);
    if (!delivered && (outbound->request || once_more)) {
      again.push_back(outbound->handle);
    } else if (!outbound->request) {
      end(*outbound);
    }
  }
  return again;
}

void Outbox::keep_contacts(ContactMarks& marks, const std::function<void(Token)>& visit) {
  outbounds_.for_each([&](Outbound& outbound) {
    marks.keep(outbound.to);
    if (outbound.request) visit(outbound.token);
    const auto* relay = std::get_if<std::unique_ptr<wire::Relay>>(&outbound.message);
    if (relay != nullptr && *relay != nullptr) marks.keep((*relay)->sender);
  });
}

void Outbox::close(Time deadline) {
  outbounds_.for_each([&](Outbound& outbound) {
    if (outbound.request) {
      give_up(outbound);
      fail_soon(outbound, Failure::cancelled);
    } else {
      core_->timers.cancel(outbound.timer);
      outbound.timer = core_->timers.set(deadline, {Due::Kind::outbound, outbound.handle});
    }
  });
}

}  // namespace macula::dht::quic::host
