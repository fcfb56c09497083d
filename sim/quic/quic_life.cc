#include "sim/quic/quic_life.h"

#include <utility>

#include "base/check.h"
#include "dht/wire/codec.h"
#include "sim/quic/tls_random.h"

namespace macula::sim {

void QuicLife::Source::fill(std::uint8_t* bytes, std::size_t count) {
  fill_from(stream_, bytes, count);
}

QuicLife::QuicLife(const QuicCommons& commons, QuicSelf& self,
                   const dht::quic::Credentials& credentials, const dht::quic::HostConfig& config,
                   std::uint64_t seed)
    : commons_(commons), self_(&self), source_(seed) {
  host_ = std::make_unique<dht::quic::QuicHost>(*commons.book, self.contact, credentials, config,
                                                source_, *commons.now);
}

QuicLife::~QuicLife() = default;

void QuicLife::start(dht::Guest& guest) {
  guest_ = &guest;
  host_->start(*this);
}

void QuicLife::end() {
  guest_ = nullptr;
  host_.reset();
}

// ----- driving -----

void QuicLife::receive(const dht::Endpoint& remote, std::string_view datagram) {
  host_->receive(remote, datagram, now());
  self_->touched();
}

void QuicLife::advance() {
  host_->advance(now());
  self_->touched();
}

Time QuicLife::next_expiry() const {
  return host_->next_expiry();
}

void QuicLife::flush(dht::quic::DatagramSink& sink) {
  host_->flush(now(), sink);
}

void QuicLife::refuse(dht::InboundId request) {
  if (host_ == nullptr) return;
  host_->refuse(request);
  self_->touched();
}

void QuicLife::meet(const dht::Endpoint& endpoint, Duration patience) {
  host_->meet(endpoint, patience, [](const std::optional<dht::ContactRef>&) {});
  self_->touched();
}

// ----- what the node says -----

QuicExchanges::Content QuicLife::content_of(NodeNumber from, NodeNumber to,
                                            const dht::wire::Message& message) const {
  return {from, to, commons_.exchanges->hash(message, *commons_.book)};
}

Origin QuicLife::begin(const QuicExchanges::Content& content, const dht::wire::Message& message) {
  const Origin origin = commons_.exchanges->begin(content);
  commons_.log->sent(now(), content.from, content.to, message, origin);
  sent(message);
  return origin;
}

void QuicLife::sent(const dht::wire::Message& message) {
  self_->bytes_sent += dht::wire::encoded_size(message, *commons_.book);
}

dht::TimerId QuicLife::set_timer(Duration delay, dht::Token token) {
  if (host_ == nullptr) return dht::kNoTimer;
  const std::uint32_t slot = timers_.allocate({token, {}, commons_.exchanges->cause()});
  const std::uint64_t handle = timers_.handle(slot);
  timers_[slot].id = host_->set_timer(delay, handle);
  self_->touched();
  return dht::TimerId{handle};
}

void QuicLife::cancel_timer(dht::TimerId timer) {
  const auto handle = static_cast<std::uint64_t>(timer);
  if (host_ == nullptr || timers_.is_stale(handle)) return;
  host_->cancel_timer(timers_[slot_of(handle)].id);
  timers_.release(slot_of(handle));
}

void QuicLife::send(dht::ContactRef to, dht::wire::Message&& message) {
  if (host_ == nullptr) return;
  static_cast<void>(
      begin(content_of(self_->number, commons_.contacts->find(to), message), message));
  host_->send(to, std::move(message));
  self_->touched();
}

dht::RequestId QuicLife::request(dht::ContactRef to, dht::wire::Message&& message, Duration timeout,
                                 dht::Token token) {
  if (host_ == nullptr) return dht::RequestId{0};
  const NodeNumber number = commons_.contacts->find(to);
  const auto content = content_of(self_->number, number, message);
  const Origin origin = begin(content, message);
  const std::uint32_t slot =
      asked_.allocate({token, number, now() + timeout, {}, origin, content.hash});
  const std::uint64_t handle = asked_.handle(slot);
  asked_[slot].id = host_->request(to, std::move(message), timeout, handle);
  self_->touched();
  return dht::RequestId{handle};
}

void QuicLife::cancel(dht::RequestId request) {
  const auto handle = static_cast<std::uint64_t>(request);
  if (host_ == nullptr || asked_.is_stale(handle)) return;
  const Asked& asked = asked_[slot_of(handle)];
  if (commons_.log->wants_passage()) {
    commons_.log->passage({now(), Passage::cancelled, self_->number, asked.to, asked.origin});
  }
  ended(asked);
  host_->cancel(asked.id);
  asked_.release(slot_of(handle));
  self_->touched();
}

void QuicLife::reply(dht::InboundId request, dht::wire::Message&& message) {
  if (host_ == nullptr) return;
  sent(message);
  host_->reply(request, std::move(message));
  self_->touched();
}

void QuicLife::meet(const dht::Endpoint& endpoint, Duration patience, dht::Token token) {
  if (host_ == nullptr) return;
  host_->meet(endpoint, patience, token);
  self_->touched();
}

bool QuicLife::reached(dht::ContactRef contact) const {
  return host_ != nullptr && host_->reached(contact);
}

// ----- what the node hears -----

template <typename Act>
void QuicLife::activate(Act act) {
  if (self_->activation == Duration{0}) {
    act();
  } else {
    const Duration delay = commons_.links->draw(self_->number, now(), self_->activation);
    self_->later(now() + delay, std::move(act));
  }
}

void QuicLife::take(EventKind kind, NodeNumber from, const dht::wire::Message& message) {
  const Origin origin = commons_.exchanges->arrived(content_of(from, self_->number, message));
  commons_.log->message(now(), kind, from, self_->number, message, origin);
  commons_.exchanges->go_on_with(origin);
}

void QuicLife::on_message(const dht::Sender& from, dht::wire::Message& message) {
  const auto shared = std::make_shared<dht::wire::Message>(std::move(message));
  activate([this, contact = from.contact, proven = from.id(*commons_.book), shared] {
    take(EventKind::message, commons_.contacts->find(contact), *shared);
    guest_->on_message({contact, &proven}, *shared);
  });
}

void QuicLife::on_request(const dht::Sender& from, dht::InboundId request,
                          dht::wire::Message& message) {
  const auto shared = std::make_shared<dht::wire::Message>(std::move(message));
  activate([this, contact = from.contact, proven = from.id(*commons_.book), request, shared] {
    take(EventKind::request, commons_.contacts->find(contact), *shared);
    guest_->on_request({contact, &proven}, request, *shared);
  });
}

void QuicLife::on_reply(dht::Token token, dht::wire::Message& message) {
  MACULA_CHECK(!asked_.is_stale(token));
  if (self_->activation == Duration{0}) {
    hand_over_reply(token, message);
    return;
  }
  // The answer may be held back until the node has given up.
  const Asked& asked = asked_[slot_of(token)];
  const Time due = now() + commons_.links->draw(self_->number, now(), self_->activation);
  if (due > asked.give_up) {
    self_->later(asked.give_up, [this, token] {
      if (!asked_.is_stale(token)) on_failure(token, dht::Failure::timeout);
    });
    return;
  }
  const auto shared = std::make_shared<dht::wire::Message>(std::move(message));
  self_->later(due, [this, token, shared] {
    if (!asked_.is_stale(token)) hand_over_reply(token, *shared);
  });
}

void QuicLife::hand_over_reply(std::uint64_t handle, dht::wire::Message& message) {
  const Asked asked = asked_[slot_of(handle)];
  asked_.release(slot_of(handle));
  ended(asked);
  commons_.log->message(now(), EventKind::reply, asked.to, self_->number, message, asked.origin);
  commons_.exchanges->go_on_with(asked.origin);
  guest_->on_reply(asked.token, message);
}

void QuicLife::on_failure(dht::Token token, dht::Failure failure) {
  MACULA_CHECK(!asked_.is_stale(token));
  const Asked asked = asked_[slot_of(token)];
  asked_.release(slot_of(token));
  ended(asked);
  commons_.log->note(now(), EventKind::failure, self_->number, asked.to,
                     static_cast<std::uint64_t>(failure), asked.origin);
  commons_.exchanges->go_on_with(asked.origin);
  guest_->on_failure(asked.token, failure);
}

void QuicLife::on_timer(dht::Token token) {
  MACULA_CHECK(!timers_.is_stale(token));
  const Timer timer = timers_[slot_of(token)];
  timers_.release(slot_of(token));
  commons_.exchanges->act_for(timer.cause);
  commons_.log->note(now(), EventKind::timer, self_->number, kNoNode, timer.token,
                     {0, timer.cause});
  guest_->on_timer(timer.token);
}

void QuicLife::on_given_up(dht::InboundId request) {
  activate([this, request] { guest_->on_given_up(request); });
}

void QuicLife::on_met(dht::Token token, dht::ContactRef contact) {
  const auto kind = contact == dht::kNoContact ? EventKind::failure : EventKind::connected;
  const NodeNumber to = contact == dht::kNoContact ? kNoNode : commons_.contacts->find(contact);
  commons_.log->note(now(), kind, self_->number, to, 0);
  guest_->on_met(token, contact);
}

}  // namespace macula::sim
