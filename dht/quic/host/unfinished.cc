#include "dht/quic/host/unfinished.h"

#include "dht/quic/host/inbox.h"
#include "dht/quic/host/outbox.h"

namespace macula::dht::quic::host {
namespace {

// The one of which most is held; nullptr: there is none.
template <typename Streams>
auto* largest(Streams& streams) {
  auto* most = streams.front();
  for (auto* each = most; each != nullptr; each = streams.next(*each)) {
    if (each->partial > most->partial) most = each;
  }
  return most;
}

}  // namespace

void Unfinished::count(Channel& channel, std::size_t& held, std::size_t bytes) {
  channel.partial += bytes - held;
  core_->partial += bytes - held;
  held = bytes;
}

void Unfinished::hold(Inbound& inbound, std::size_t bytes, bool begins) {
  const bool held = inbound.partial > 0;
  if (!held && bytes == 0) return;
  count(*inbound.channel, inbound.partial, bytes);
  if (held && bytes > 0 && !begins) return;
  if (held) inbounds_.remove(inbound);
  if (bytes == 0) return;
  inbound.begun = core_->now;
  inbounds_.push_back(inbound);
  if (timer_ == kNoHandle) {
    timer_ = core_->timers.set(core_->now + core_->config.frame_patience, {Due::Kind::frames, 0});
  }
}

void Unfinished::hold(Outbound& outbound, std::size_t bytes) {
  if (outbound.channel != nullptr) count(*outbound.channel, outbound.partial, bytes);
}

void Unfinished::make_room() {
  while (core_->partial > core_->config.max_partial) {
    Channel* const channel = greediest();
    if (channel == nullptr || channel->partial <= kFirstBytes) return;
    ++core_->counters.refused_full;
    relieve(*channel);
  }
}

Channel* Unfinished::greediest() const {
  Channel* most = nullptr;
  for (Channel* each = channels_->first(); each != nullptr; each = channels_->next(*each)) {
    if (most == nullptr || each->partial > most->partial) most = each;
  }
  return most;
}

void Unfinished::relieve(Channel& channel) {
  Inbound* const inbound = largest(channel.inbound);
  Outbound* const outbound = largest(channel.outbound);
  if (outbound == nullptr || (inbound != nullptr && inbound->partial >= outbound->partial)) {
    inbox_->break_off(*inbound);
  } else {
    outbox_->break_off(*outbound);
  }
}

void Unfinished::on_due() {
  timer_ = kNoHandle;
  const Duration patience = core_->config.frame_patience;
  while (Inbound* const oldest = inbounds_.front()) {
    if (oldest->begun + patience > core_->now) {
      timer_ = core_->timers.set(oldest->begun + patience, {Due::Kind::frames, 0});
      return;
    }
    ++core_->counters.late_frames;
    inbox_->break_off(*oldest);
  }
}

}  // namespace macula::dht::quic::host
