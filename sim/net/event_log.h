// The events of a network, in order: its digest, its counts (EventLog), and, where messages `M` are
// carried, who watches (EventLogOf).
//
//     EventLogOf<M, C> log(codec);
//     log.begin_event();                                    // whatever happens belongs to it
//     log.note(now, EventKind::crash, node, kNoNode, life);
//     log.end_event(now);
//
// Every event enters the digest and is told to those who want it. Every kCheckpointEvents the
// digest is kept, so that two runs can be bisected to where they part.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "sim/engine/digest.h"
#include "sim/net/observer.h"
#include "transport/codec.h"

namespace macula::sim {

class EventLog {
 public:
  static constexpr std::uint64_t kCheckpointEvents = 4096;

  struct Mark {
    std::uint64_t events;
    Time time;
    std::uint64_t digest;
  };

  void begin_event() {
    ++events_;
    acting_ = kNoNode;
  }
  void end_event(Time now) {
    if (events_ % kCheckpointEvents == 0) checkpoints_.push_back({events_, now, digest_.value()});
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

 protected:
  // `acting`: whose event it is.
  void add(Time now, EventKind kind, NodeNumber from, NodeNumber to, std::uint64_t content,
           NodeNumber acting) {
    acting_ = acting;
    digest_.add(now, static_cast<std::uint32_t>(kind), from, to, content);
  }
  void count_message() { ++messages_; }

 private:
  static constexpr std::uint32_t kDatagram = 255;  // beside the kinds of events

  Digest digest_;
  std::vector<Mark> checkpoints_;
  std::uint64_t events_ = 0;
  std::uint64_t messages_ = 0;
  NodeNumber acting_ = kNoNode;
};

template <typename M, transport::Codec<M> C>
class EventLogOf final : public EventLog {
 public:
  explicit EventLogOf(const C& codec) : codec_(codec) {}

  // Those added first are told first.
  void observe(ObserverOf<M>& observer, Wants wants) {
    observers_.push_back({&observer, wants});
    wanted_ = wanted_ | wants;
  }
  void forget(const ObserverOf<M>& observer) {
    std::erase_if(observers_, [&](const Watching& one) { return one.observer == &observer; });
    wanted_ = {};
    for (const Watching& one : observers_) wanted_ = wanted_ | one.wants;
  }

  void end_event(Time now) {
    EventLog::end_event(now);
    if (has(wanted_, Wants::settled)) {
      tell(Wants::settled, [&](ObserverOf<M>& observer) { observer.on_settled(now, events()); });
    }
  }

  // A message is handed to `to`.
  void message(Time now, EventKind kind, NodeNumber from, NodeNumber to, const M& message,
               const Origin& origin = {}) {
    count_message();
    add(now, kind, from, to, codec_.fingerprint(message), to);
    if (has(wanted_, Wants::events)) tell_event({now, kind, from, to, &message, 0, origin});
  }
  // Anything else.
  void note(Time now, EventKind kind, NodeNumber from, NodeNumber to, std::uint64_t content,
            const Origin& origin = {}) {
    add(now, kind, from, to, content, from);
    if (has(wanted_, Wants::events)) tell_event({now, kind, from, to, nullptr, content, origin});
  }
  // A request or one-way message leaves its sender: no event.
  void sent(Time now, NodeNumber from, NodeNumber to, const M& message, const Origin& origin) {
    if (!has(wanted_, Wants::sent)) return;
    tell(Wants::sent,
         [&](ObserverOf<M>& observer) { observer.on_sent(now, from, to, message, origin); });
  }
  [[nodiscard]] bool wants_passage() const { return has(wanted_, Wants::passage); }
  // No event either. Asked for only where somebody wants it.
  void passage(const PassageOf& passage, const M* message = nullptr) {
    tell(Wants::passage, [&](ObserverOf<M>& observer) { observer.on_passage(passage, message); });
  }

 private:
  struct Watching {
    ObserverOf<M>* observer;
    Wants wants;
  };

  template <typename Tell>
  void tell(Wants what, Tell tell_one) {
    for (const Watching& one : observers_) {
      if (has(one.wants, what)) tell_one(*one.observer);
    }
  }
  void tell_event(const EventOf<M>& event) {
    tell(Wants::events, [&](ObserverOf<M>& observer) { observer.on_event(event); });
  }

  C codec_;
  std::vector<Watching> observers_;
  Wants wanted_{};  // by any of them
};

}  // namespace macula::sim
