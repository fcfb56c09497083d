#include "dht/quic/host/quic_host.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/hex.h"
#include "dht/quic/engine/credentials.h"
#include "dht/quic/host/core.h"
#include "dht/quic/host/inbox.h"
#include "dht/quic/host/meetings.h"
#include "dht/quic/host/outbox.h"
#include "dht/quic/host/peers.h"
#include "dht/quic/host/unfinished.h"

namespace macula::dht::quic {
namespace {

std::string draw_life(RandomSource& random) {
  std::uint8_t bytes[8];
  random.fill(bytes, sizeof(bytes));
  return to_hex({reinterpret_cast<const char*>(bytes), sizeof(bytes)});
}

HostConfig with_codes(HostConfig config) {
  config.engine.idle_code = static_cast<std::uint64_t>(host::Code::unheard);
  return config;
}

}  // namespace

// The parts of the host, and what the engine tells them.
class QuicHost::Impl final : public EngineEvents {
 public:
  Impl(ContactBook& book, ContactRef self, const Credentials& credentials, const HostConfig& given,
       RandomSource& random, Time now)
      : config(with_codes(given)),
        core{book, self, config, random, draw_life(random), now},
        engine(config.engine, credentials, random, *this),
        channels(core),
        outbox(core),
        meetings(core),
        peers(core, channels, outbox, meetings),
        unfinished(core, channels),
        inbox(core, peers, unfinished) {
    MACULA_CHECK(config.unbound || book.id(self) == credentials.id());
    core.engine = &engine;
    outbox.use(peers, unfinished);
    unfinished.use(inbox, outbox);
    meetings.use(peers);
    peers.use(inbox);
  }

  void on_connected(ConnectionId id, const Connected& connected) override {
    peers.on_connected(id, connected);
    if (host::Channel* channel = channels.find(id)) inbox.on_connected(*channel);
  }
  void on_closed(ConnectionId id, const Closed& closed) override { peers.on_closed(id, closed); }
  void on_stream_data(ConnectionId id, StreamId stream, std::string_view bytes, bool fin) override {
    host::Channel* channel = channels.find(id);
    if (channel == nullptr) return;
    channel->hear(core.now);
    if (channel->own(stream)) {
      outbox.on_data(*channel, stream, bytes, fin);
    } else {
      inbox.on_data(*channel, stream, bytes, fin);
    }
  }
  void on_stream_closed(ConnectionId id, StreamId stream, bool /*broken*/) override {
    host::Channel* channel = channels.find(id);
    if (channel == nullptr) return;
    if (channel->own(stream)) {
      outbox.on_stream_closed(*channel, stream);
    } else {
      inbox.on_stream_closed(*channel, stream);
    }
  }

  void set_now(Time now) {
    MACULA_CHECK(now >= core.now);
    core.now = now;
  }

  void fire(const host::Due& due) {
    switch (due.kind) {
      case host::Due::Kind::guest:
        core.guest->on_timer(due.value);
        break;
      case host::Due::Kind::outbound:
        outbox.on_due(due.value);
        break;
      case host::Due::Kind::peer:
        peers.on_due(due.value);
        break;
      case host::Due::Kind::frames:
        unfinished.on_due();
        break;
      case host::Due::Kind::given_up:
        core.guest->on_given_up(dht::InboundId{due.value});
        break;
      case host::Due::Kind::meeting:
        meetings.on_due(due.value);
        break;
    }
  }

  const HostConfig config;
  host::Core core;
  Engine engine;
  host::Channels channels;
  host::Outbox outbox;
  host::Meetings meetings;
  host::Peers peers;
  host::Unfinished unfinished;
  host::Inbox inbox;
  bool flushed = false;  // since the last connection was closed
};

QuicHost::QuicHost(ContactBook& book, ContactRef self, const Credentials& credentials,
                   const HostConfig& config, RandomSource& random, Time now)
    : impl_(std::make_unique<Impl>(book, self, credentials, config, random, now)) {}

QuicHost::~QuicHost() = default;

void QuicHost::start(dht::Guest& guest) {
  impl_->core.guest = &guest;
  impl_->peers.start();
}

void QuicHost::on_identity_refused(std::function<void(const IdentityRefused&)> listener) {
  impl_->core.on_identity_refused = std::move(listener);
}

void QuicHost::meet(const dht::Endpoint& endpoint, Duration patience, Met met) {
  impl_->meetings.add(endpoint, patience, std::move(met));
}

// ----- driving -----

void QuicHost::receive(const dht::Endpoint& remote, std::string_view datagram, Time now,
                       const LocalAddress& local) {
  MACULA_CHECK(impl_->core.guest != nullptr);
  impl_->set_now(now);
  impl_->engine.receive(remote, datagram, now, local);
}

Time QuicHost::next_expiry() const {
  const Time next = std::min(impl_->core.timers.next(), impl_->engine.next_expiry());
  const bool waits = impl_->core.closing && impl_->channels.size() > 0;
  return waits ? std::min(next, impl_->core.close_by) : next;
}

void QuicHost::advance(Time now) {
  MACULA_CHECK(impl_->core.guest != nullptr);
  impl_->set_now(now);
  if (impl_->engine.next_expiry() <= now) impl_->engine.on_expiry(now);
  // Timers set from now on wait for the next call, so that this one ends.
  auto& timers = impl_->core.timers;
  const std::uint64_t last = timers.last_number();
  while (timers.next() <= now && timers.next_number() <= last) impl_->fire(timers.pop());
}

void QuicHost::flush(Time now, DatagramSink& sink) {
  impl_->set_now(now);
  impl_->peers.tend();
  impl_->engine.flush(now, sink);
  impl_->flushed = impl_->channels.size() == 0;
}

bool QuicHost::has_written() const {
  return impl_->engine.has_written();
}

void QuicHost::close(Time now, Duration patience) {
  impl_->set_now(now);
  impl_->core.closing = true;
  impl_->core.close_by = now + patience;
  impl_->outbox.close(impl_->core.close_by);
  impl_->meetings.close();
}

bool QuicHost::closed() const {
  return impl_->core.closing && impl_->flushed && impl_->channels.size() == 0 && pending() == 0;
}

// ----- dht::Host -----

Time QuicHost::now() const {
  return impl_->core.now;
}

std::uint64_t QuicHost::random(dht::Draw) {
  return impl_->core.draw();
}

dht::TimerId QuicHost::set_timer(Duration delay, dht::Token token) {
  MACULA_CHECK(delay >= Duration{0});
  return dht::TimerId{
      impl_->core.timers.set(impl_->core.now + delay, {host::Due::Kind::guest, token})};
}

void QuicHost::cancel_timer(dht::TimerId timer) {
  impl_->core.timers.cancel(static_cast<Handle>(timer));
}

void QuicHost::send(ContactRef to, wire::Message&& message) {
  impl_->outbox.send(to, std::move(message));
}

dht::RequestId QuicHost::request(ContactRef to, wire::Message&& message, Duration timeout,
                                 dht::Token token) {
  return impl_->outbox.request(to, std::move(message), timeout, token);
}

void QuicHost::cancel(dht::RequestId request) {
  impl_->outbox.cancel(request);
}

void QuicHost::reply(dht::InboundId request, wire::Message&& message) {
  impl_->inbox.reply(request, std::move(message));
}

void QuicHost::refuse(dht::InboundId request) {
  impl_->inbox.refuse(request);
}

void QuicHost::meet(const dht::Endpoint& endpoint, Duration patience, dht::Token token) {
  meet(endpoint, patience, [this, token](std::optional<ContactRef> contact) {
    impl_->core.guest->on_met(token, contact.value_or(kNoContact));
  });
}

bool QuicHost::reached(ContactRef contact) const {
  return impl_->peers.reached(contact);
}

// ----- what it looks like from outside -----

const QuicHost::Counters& QuicHost::counters() const {
  return impl_->core.counters;
}

const Engine& QuicHost::engine() const {
  return impl_->engine;
}

std::size_t QuicHost::unanswered() const {
  return impl_->inbox.unanswered();
}

std::size_t QuicHost::unfinished_bytes() const {
  return impl_->core.partial;
}

std::size_t QuicHost::pending() const {
  return impl_->outbox.pending();
}

void QuicHost::keep_contacts(ContactMarks& marks,
                             const std::function<void(dht::Token)>& visit) const {
  marks.keep(impl_->core.self);
  impl_->outbox.keep_contacts(marks, visit);
  impl_->peers.keep_contacts(marks);
  impl_->meetings.keep_contacts(marks);
}

void QuicHost::check_invariants() const {
  impl_->engine.check_invariants();
  impl_->peers.check_invariants();
  MACULA_CHECK(pending() <= impl_->core.timers.size());
}

}  // namespace macula::dht::quic
