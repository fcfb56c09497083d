#include "dht/quic/node/readiness.h"

#include <fmt/format.h>

#include <algorithm>

namespace macula::dht::quic {

Readiness::Readiness(Loop& loop, LiveNode& live, bool known)
    : loop_(loop), live_(live), known_(known) {
  check_after(kInterval);
}

Readiness::~Readiness() {
  if (next_) loop_.cancel(*next_);
}

Readiness::State Readiness::state() const {
  if (live_.leaving()) return State::leaving;
  const Health health = live_.node().health();
  if (health.contacts > 0 ? alone_ > 0 : known_) return State::isolated;
  return health.healthy ? State::ready : State::joining;
}

std::string Readiness::reason() const {
  switch (state()) {
    case State::joining:
      return "no bootstrap node has answered yet";
    case State::leaving:
      return "this node is being stopped";
    case State::isolated:
      return live_.node().health().contacts == 0
                 ? "none of the nodes that were known answers any more"
                 : fmt::format("none of {} known nodes that were asked answers", alone_);
    case State::ready:
      break;
  }
  return {};
}

void Readiness::check_after(Duration delay) {
  next_ = loop_.at(loop_.now() + delay, [this] { check(); });
}

void Readiness::check() {
  next_.reset();
  const Node& node = live_.node();
  if (!node.running() || node.table().size() == 0) {
    alone_ = 0;
    asked_ = kNoContact;
    check_after(kAgain);
    return;
  }
  known_ = true;
  silent_ = 0;
  std::vector<ContactRef> nearest;
  node.table().closest(live_.self().id, alone_ > 0 ? 1 + kMore : 1,
                       [&](ContactRef contact) { nearest.push_back(contact); });
  const bool stays = asked_ != kNoContact && node.table().contains(asked_);
  if (alone_ == 0 && stays) nearest = {asked_};
  ask(nearest);
}

void Readiness::ask(const std::vector<ContactRef>& contacts) {
  const std::uint64_t round = ++round_;
  waiting_ = contacts.size();
  // Not from inside a call of the host, whose time may be an old one.
  live_.host().advance(loop_.now());
  for (const ContactRef contact : contacts) {
    live_.node().ping(contact, kPatience, [this, round, contact](const PingResult& result) {
      on_asked(round, contact, result.answered);
    });
  }
}

void Readiness::on_asked(std::uint64_t round, ContactRef contact, bool answered) {
  if (round != round_) return;
  if (answered) {
    ++round_;  // what the others say does not matter
    asked_ = contact;
    alone_ = 0;
    check_after(kInterval);
    return;
  }
  ++silent_;
  if (--waiting_ > 0) return;
  // The one that is asked as a rule is silent: perhaps others are not.
  std::vector<ContactRef> more;
  live_.node().table().closest(live_.self().id, 1 + kMore, [&](ContactRef each) {
    if (each != contact) more.push_back(each);
  });
  if (alone_ > 0 || silent_ > 1 || more.empty()) {
    alone_ = silent_;
    // Where it has left the table meanwhile, others may have come.
    check_after(live_.node().table().contains(contact) ? kAgain : Duration{0});
    return;
  }
  next_ = loop_.at(loop_.now(), [this, more] {
    next_.reset();
    ask(more);
  });
}

std::string_view state_name(Readiness::State state) {
  switch (state) {
    case Readiness::State::joining:
      return "joining";
    case Readiness::State::ready:
      return "healthy";
    case Readiness::State::isolated:
      return "isolated";
    case Readiness::State::leaving:
      return "leaving";
  }
  return "unknown";
}

}  // namespace macula::dht::quic
