// What has happened in a network, in order: its digest, its counts, and who watches.
//
//   EventLog log(book);
//   log.begin_event();                                    // whatever happens belongs to it
//   log.note(now, EventKind::crash, node, kNoNode, life);
//   log.end_event(now);
//
// Every event enters the digest and is told to the observer. Every kCheckpointEvents the digest is
// kept, so that two runs can be bisected to where they part.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "dht/contact/contact_book.h"
#include "dht/wire/codec.h"
#include "sim/engine/digest.h"
#include "sim/net/observer.h"

namespace macula::sim {

class EventLog {
 public:
  static constexpr std::uint64_t kCheckpointEvents = 4096;

  struct Mark {
    std::uint64_t events;
    Time time;
    std::uint64_t digest;
  };

  explicit EventLog(const dht::ContactBook& book) : book_(&book) {}

  void observe(NetworkObserver* observer) { observer_ = observer; }

  void begin_event() {
    ++events_;
    acting_ = kNoNode;
  }
  void end_event(Time now) {
    if (events_ % kCheckpointEvents == 0) checkpoints_.push_back({events_, now, digest_.value()});
  }

  // A message is handed to `to`.
  void message(Time now, EventKind kind, NodeNumber from, NodeNumber to,
               const dht::wire::Message& message) {
    ++messages_;
    acting_ = to;
    digest_.add(now, static_cast<std::uint32_t>(kind), from, to,
                dht::wire::fingerprint(message, *book_));
    if (observer_ != nullptr) observer_->on_event({now, kind, from, to, &message, 0});
  }
  // Anything else.
  void note(Time now, EventKind kind, NodeNumber from, NodeNumber to, std::uint64_t content) {
    acting_ = from;
    digest_.add(now, static_cast<std::uint32_t>(kind), from, to, content);
    if (observer_ != nullptr) observer_->on_event({now, kind, from, to, nullptr, content});
  }
  // Who is cut off from whom.
  void partition(Time now, const std::vector<NodeNumber>& a, const std::vector<NodeNumber>& b,
                 bool one_way);
  // A request or one-way message leaves its sender: no event, but the observer may want to know.
  void sent(Time now, NodeNumber from, NodeNumber to, const dht::wire::Message& message) {
    if (observer_ != nullptr) observer_->on_sent(now, from, to, message);
  }
  // A datagram goes its way: size and bytes enter the digest, and nobody is told.
  void datagram(Time now, NodeNumber from, NodeNumber to, std::string_view bytes) {
    digest_.add(now, kDatagram, from, to, bytes.size(), hash_bytes(bytes, kDatagram));
  }

  [[nodiscard]] std::uint64_t digest() const { return digest_.value(); }
  [[nodiscard]] const std::vector<Mark>& checkpoints() const { return checkpoints_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  // The node of which the event that happens now is; kNoNode: of none, or not known yet.
  [[nodiscard]] NodeNumber acting() const { return acting_; }
  // Requests, replies and one-way messages handed to a node.
  [[nodiscard]] std::uint64_t messages() const { return messages_; }

 private:
  static constexpr std::uint32_t kDatagram = 255;  // beside the kinds of events

  const dht::ContactBook* book_;
  NetworkObserver* observer_ = nullptr;
  Digest digest_;
  std::vector<Mark> checkpoints_;
  std::uint64_t events_ = 0;
  std::uint64_t messages_ = 0;
  NodeNumber acting_ = kNoNode;
};

}  // namespace macula::sim
