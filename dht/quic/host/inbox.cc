#include "dht/quic/host/inbox.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "dht/quic/host/peers.h"
#include "dht/quic/host/unfinished.h"
#include "dht/wire/codec.h"
#include "dht/wire/frame.h"

namespace macula::dht::quic::host {
namespace {

// An answer belongs on the stream of its request. Others are not decoded: each would leave contacts
// in the book.
bool answers_nothing(const wire::Frame& frame) {
  if (frame.type != wire::Type::relay) return wire::is_answer(frame.type);
  const wire::Value* name = frame.payload.find("payload_type");
  const wire::Bytes* text = name != nullptr ? name->as_bytes() : nullptr;
  const auto type = text != nullptr ? wire::type_from_name(*text) : std::nullopt;
  return type && wire::is_answer(*type);
}

}  // namespace

// ----- from the engine -----

void Inbox::on_data(Channel& channel, StreamId stream, std::string_view bytes, bool fin) {
  Inbound* inbound = inbounds_.find(channel.streams.get(static_cast<std::uint64_t>(stream)));
  if (inbound == nullptr) inbound = &open(channel, stream);
  inbound->reader.feed(bytes);
  inbound->held += bytes.size();
  inbound->fin = inbound->fin || fin;
  read(inbound->handle);
}

Inbound& Inbox::open(Channel& channel, StreamId stream) {
  const Handle handle = inbounds_.add();
  Inbound& inbound = *inbounds_.find(handle);
  inbound.handle = handle;
  inbound.channel = &channel;
  inbound.stream = stream;
  channel.streams.set(static_cast<std::uint64_t>(stream), handle);
  channel.inbound.push_back(inbound);
  peers_->used(channel);
  return inbound;
}

void Inbox::on_stream_closed(Channel& channel, StreamId stream) {
  Inbound* inbound = inbounds_.find(channel.streams.get(static_cast<std::uint64_t>(stream)));
  if (inbound == nullptr) return;
  const ConnectionId id = channel.id;
  credit(*inbound);
  drop(*inbound);
  if (stream == channel.first_of_peer()) end_greeting(id);
}

void Inbox::leave(Channel& channel) {
  while (Inbound* inbound = channel.inbound.front()) drop(*inbound);
}

// ----- reading -----

void Inbox::read(Handle handle) {
  Inbound* inbound = inbounds_.find(handle);
  if (inbound == nullptr) return;
  Channel& channel = *inbound->channel;
  const ConnectionId id = channel.id;
  const bool first = inbound->stream == channel.first_of_peer();
  if (!channel.connected || (!channel.greeted && !first)) {
    if (!std::exchange(inbound->waits, true)) channel.waiting.push_back(handle);
    hold(handle, /*begins=*/false);
    return;
  }
  bool begins = false;
  while (auto frame = inbound->reader.next()) {
    if (!*frame) {
      ++core_->counters.refused_frames;
      return break_off(*inbound);
    }
    begins = true;
    inbound->read = inbound->fin && inbound->reader.buffered() == 0;
    if (!take(handle, **frame)) return end_greeting(id);
    inbound = inbounds_.find(handle);
  }
  inbound->read = inbound->fin;
  credit(*inbound);
  if (inbound->fin && inbound->reader.buffered() > 0) {  // cut off
    ++core_->counters.refused_frames;
    return break_off(*inbound);
  }
  if (!hold(handle, begins)) return;
  finish(*inbound);
  if (first && inbound->fin) end_greeting(id);
}

bool Inbox::hold(Handle handle, bool begins) {
  Inbound& inbound = *inbounds_.find(handle);
  unfinished_->hold(inbound, inbound.reader.buffered(), begins);
  if (!unfinished_->within_share(*inbound.channel)) {
    ++core_->counters.refused_full;
    break_off(inbound);
    return false;
  }
  unfinished_->make_room();
  return inbounds_.find(handle) != nullptr;
}

bool Inbox::take(Handle handle, const wire::Frame& frame) {
  Inbound& inbound = *inbounds_.find(handle);
  Channel& channel = *inbound.channel;
  const ConnectionId id = channel.id;
  if (answers_nothing(frame)) {
    ++core_->counters.refused_frames;
    refuse(inbound);
    return false;
  }
  auto message = wire::decode(frame.type, frame.payload, core_->book);
  if (!message) {
    ++core_->counters.refused_frames;
    refuse(inbound);
    return false;
  }
  ++core_->counters.frames_in;
  channel.heard = true;
  if (const auto* connect = std::get_if<wire::Connect>(&*message)) return greet(handle, *connect);
  const bool anonymous = !channel.greeted;
  if (anonymous) peers_->greet(channel, {});
  hand_over(handle, *message);
  if (anonymous) read_waiting(id);
  return inbounds_.find(handle) != nullptr;
}

bool Inbox::greet(Handle handle, const wire::Connect& connect) {
  Inbound& inbound = *inbounds_.find(handle);
  Channel& channel = *inbound.channel;
  if (channel.greeted) {  // a second time
    ++core_->counters.refused_frames;
    refuse(inbound);
    return false;
  }
  const auto greeting = judge(connect, channel.proven, *core_);
  if (!greeting) {
    peers_->refuse_identity(channel, greeting.error());
    peers_->end(channel, Code::identity, greeting.error());
    return false;
  }
  // On the first stream of this end: what waits for a connection to this peer follows.
  if (!channel.dialled) peers_->introduce(channel);
  peers_->greet(channel, *greeting);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(core_->now - kTimeZero);
  const auto time = static_cast<std::uint64_t>(ms.count());
  inbound.ended = inbound.read;
  core_->engine->write(channel.id, inbound.stream,
                       wire::encode(wire::Pong{time, time}, core_->book), inbound.ended);
  ++core_->counters.frames_out;
  read_waiting(channel.id);
  return inbounds_.find(handle) != nullptr;
}

void Inbox::hand_over(Handle handle, wire::Message& message) {
  Inbound& inbound = *inbounds_.find(handle);
  Channel& channel = *inbound.channel;
  if (!wire::wants_answer(message)) {
    core_->guest->on_message({channel.contact, &channel.proven}, message);
    return;
  }
  if (core_->closing || !has_room(inbound) || answer_in_vain(inbound, message)) {
    ++core_->counters.refused_requests;
    refuse(inbound);
    return;
  }
  const Handle id = asked_.add();
  Asked& asked = *asked_.find(id);
  asked.handle = id;
  asked.inbound = handle;
  inbound.asked.push_back(asked);
  ++channel.unanswered;
  core_->guest->on_request({channel.contact, &channel.proven}, InboundId{id}, message);
}

void Inbox::read_waiting(ConnectionId id) {
  Channel* channel = peers_->find(id);
  if (channel == nullptr || channel->waiting.empty()) return;
  for (const Handle handle : std::exchange(channel->waiting, {})) {
    if (Inbound* inbound = inbounds_.find(handle)) inbound->waits = false;
    read(handle);
  }
}

void Inbox::end_greeting(ConnectionId id) {
  Channel* channel = peers_->find(id);
  if (channel == nullptr || channel->greeted) return;
  peers_->greet(*channel, {});
  read_waiting(id);
}

void Inbox::credit(Inbound& inbound) {
  if (inbound.held == 0) return;
  core_->engine->consume(inbound.channel->id, inbound.stream, std::exchange(inbound.held, 0));
}

bool Inbox::has_room(const Inbound& inbound) const {
  const HostConfig& config = core_->config;
  const std::size_t left = config.max_inbound - std::min(config.max_inbound, asked_.size());
  return inbound.channel->unanswered < left && inbound.asked.size() < config.max_inbound_per_stream;
}

// A peer that is owed so much already that the answer might not be sent: to make one costs far more
// than to ask for it.
bool Inbox::answer_in_vain(const Inbound& inbound, const wire::Message& message) const {
  const bool small = std::holds_alternative<wire::Ping>(message) ||
                     std::holds_alternative<wire::FindNode>(message);
  if (small) return false;
  const std::size_t most = core_->most_queued();
  return core_->engine->queued(inbound.channel->id) > most - std::min(most / 2, wire::kMaxPayload);
}

// ----- answering -----

void Inbox::reply(InboundId request, wire::Message&& message) {
  const Handle id = static_cast<Handle>(request);
  Asked* asked = asked_.find(id);
  if (asked == nullptr) return;  // given up since
  Inbound& inbound = *inbounds_.find(asked->inbound);
  Channel& channel = *inbound.channel;
  forget(*asked);
  std::string frame = wire::encode(message, core_->book);
  const std::size_t queued = core_->engine->queued(channel.id);
  const bool full = queued > 0 && queued + frame.size() > core_->most_queued();
  if (full || frame.size() > wire::kFrameHeader + wire::kMaxPayload) {
    ++core_->counters.refused_full;
    refuse(inbound);
    return;
  }
  inbound.ended = inbound.read && inbound.asked.empty();
  core_->engine->write(channel.id, inbound.stream, std::move(frame), inbound.ended);
  ++core_->counters.frames_out;
}

void Inbox::refuse(InboundId request) {
  Asked* asked = asked_.find(static_cast<Handle>(request));
  if (asked == nullptr) return;  // given up since
  ++core_->counters.refused_requests;
  Inbound& inbound = *inbounds_.find(asked->inbound);
  forget(*asked);
  refuse(inbound);
}

void Inbox::forget(Asked& asked) {
  Inbound& inbound = *inbounds_.find(asked.inbound);
  inbound.asked.remove(asked);
  --inbound.channel->unanswered;
  asked_.remove(asked.handle);
}

void Inbox::finish(Inbound& inbound) {
  if (!inbound.read || inbound.ended || !inbound.asked.empty()) return;
  inbound.ended = true;
  core_->engine->write(inbound.channel->id, inbound.stream, {}, /*fin=*/true);
}

void Inbox::refuse(Inbound& inbound) {
  credit(inbound);
  core_->engine->abandon(inbound.channel->id, inbound.stream,
                         static_cast<std::uint64_t>(Code::refused));
  drop(inbound);
}

void Inbox::break_off(Inbound& inbound) {
  const ConnectionId id = inbound.channel->id;
  const bool first = inbound.stream == inbound.channel->first_of_peer();
  refuse(inbound);
  if (first) end_greeting(id);
}

void Inbox::drop(Inbound& inbound) {
  Channel& channel = *inbound.channel;
  while (Asked* asked = inbound.asked.front()) {
    core_->timers.set(core_->now, {Due::Kind::given_up, asked->handle});
    forget(*asked);
  }
  unfinished_->hold(inbound, 0, false);
  channel.streams.erase(static_cast<std::uint64_t>(inbound.stream));
  channel.inbound.remove(inbound);
  inbounds_.remove(inbound.handle);
}

}  // namespace macula::dht::quic::host
