#include "sim/quic/quic_network.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/check.h"
#include "base/hash.h"

namespace macula::sim {
namespace {

// To open a connection before there is anything to say.
constexpr Duration kMeetPatience = std::chrono::seconds(30);
constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

}  // namespace

QuicNetwork::QuicNetwork(dht::ContactBook& book, const LinkModel& model,
                         const NetworkOptions& options, std::unique_ptr<Carrier> carrier)
    : book_(&book),
      options_(options),
      medium_(model, options.seed, options.fates),
      tls_random_(options.seed),
      carrier_(std::move(carrier)),
      queue_(options.shuffled_ties ? std::optional(options.seed) : std::nullopt),
      log_(MaculaCodec(book)) {
  carrier_->on_arrival([this](NodeNumber from, NodeNumber to, std::string_view datagram) {
    deliver(from, to, datagram);
  });
}

QuicNetwork::~QuicNetwork() {
  const TlsRandom::Scope scope(tls_random_);
  nodes_.clear();
}

// ----- nodes -----

NodeNumber QuicNetwork::add_node(const NetworkNode& node) {
  const TlsRandom::Scope scope(tls_random_);
  const auto number = static_cast<NodeNumber>(nodes_.size());
  auto credentials = dht::quic::Credentials::from_seed(node.key_seed);
  MACULA_CHECK(credentials.has_value());
  MACULA_CHECK(options_.unbound || credentials->id() == book_->id(node.contact));
  auto entry = std::make_unique<Node>(std::move(*credentials));
  entry->name = node.name;
  entry->client = node.client;
  entry->endpoint = node.endpoint;
  entry->static_secret = dht::id_to_bytes(dht::hash_id("reset secret: " + node.name));
  entry->self.number = number;
  entry->self.contact = node.contact;
  entry->self.activation = node.activation;
  entry->self.draws = KeyedDraws<transport::kDraws>(options_.seed, node.name);
  entry->self.touched = [this, number] { touch(number); };
  entry->self.later = [this, number](Time time, Action action) {
    later(number, time, std::move(action));
  };
  nodes_.push_back(std::move(entry));
  medium_.links().add_node(node.name, node.region, node.link_class);
  contacts_.add(node.contact, number);
  endpoints_.add(node.endpoint, number);
  carrier_->add_node();
  return number;
}

std::unique_ptr<QuicLife> QuicNetwork::next_life(NodeNumber number) {
  const TlsRandom::Scope scope(tls_random_);
  Node& node = *nodes_[number];
  dht::quic::HostConfig config;
  config.unbound = options_.unbound;
  config.client = node.client;
  config.engine.static_secret = node.static_secret;
  // The model knows no limit of what is sent to those who never answered (sim/README.md).
  config.engine.initials_unanswered = kNoLimit;
  config.engine.all_initials_unanswered = kNoLimit;
  const std::uint64_t seed = mix(hash_bytes(node.name, options_.seed), node.lives.size());
  return std::make_unique<QuicLife>(
      QuicCommons{book_, &now_, &log_, &contacts_, &medium_.links(), &exchanges_}, node.self,
      node.credentials, config, seed);
}

dht::Host& QuicNetwork::host(NodeNumber number) {
  Node& node = *nodes_[number];
  const bool has_next = !node.lives.empty() && (node.up || !node.lives.back()->ended());
  if (!has_next) node.lives.push_back(next_life(number));
  return *node.lives.back();
}

void QuicNetwork::start(NodeNumber number, dht::Guest& guest) {
  MACULA_CHECK(!up(number));
  static_cast<void>(host(number));  // makes the life where nobody has asked for it
  Node& node = *nodes_[number];
  node.up = true;
  present(number).start(guest);
  present(number).advance();
  note(EventKind::restart, number, kNoNode, node.lives.size() - 1);
  if (!options_.warm_connections) return;
  for (NodeNumber other = 0; other < nodes_.size(); ++other) {
    if (other != number && up(other)) connect(number, other);
  }
}

void QuicNetwork::crash(NodeNumber number) {
  MACULA_CHECK(up(number));
  Node& node = *nodes_[number];
  note(EventKind::crash, number, kNoNode, node.lives.size() - 1);
  node.up = false;
  node.paused = node.resuming = false;
  node.wake = kTimeMax;
  node.held_datagrams.clear();
  node.held_actions.clear();
  present(number).end();
}

void QuicNetwork::pause(NodeNumber number) {
  if (!up(number)) return;
  if (paused(number) && !nodes_[number]->resuming) return;
  note(EventKind::pause, number, kNoNode, 0);
  nodes_[number]->paused = true;
  nodes_[number]->resuming = false;
}

void QuicNetwork::resume(NodeNumber number) {
  if (!paused(number) || nodes_[number]->resuming) return;
  note(EventKind::resume, number, kNoNode, 0);
  nodes_[number]->resuming = true;
  push(now_, number, Tag::resume);
}

// As a process that is let go on: first it reads what has come in, then it looks at the time.
void QuicNetwork::go_on(NodeNumber number) {
  Node& node = *nodes_[number];
  if (!node.resuming) return;
  node.paused = node.resuming = false;
  for (const Datagram& datagram : std::exchange(node.held_datagrams, {})) {
    deliver(datagram.from, number, datagram.bytes);
  }
  for (const Action& action : std::exchange(node.held_actions, {})) action();
  present(number).advance();
}

// ----- the wires -----

void QuicNetwork::connect(NodeNumber from, NodeNumber to) {
  present(from).meet(nodes_[to]->endpoint, kMeetPatience);
}

void QuicNetwork::dispatch(NodeNumber from, const dht::Endpoint& remote,
                           std::string_view datagram) {
  const NodeNumber to = endpoints_.find(remote);
  log_.datagram(now_, from, to, datagram);
  if (to == kNoNode) return;
  const Fate fate = medium_.fate({from, to, now_, datagram.size()});
  const Passage passage = fate.stopped ? Passage::cut : fate.lost ? Passage::lost : Passage::sent;
  tell(from, to, passage, datagram);
  if (fate.lost) return;
  push(now_ + fate.delay, datagrams_.allocate({from, to, std::string(datagram)}), Tag::datagram);
}

void QuicNetwork::deliver(NodeNumber from, NodeNumber to, std::string_view datagram) {
  if (!up(to)) {
    ++nodes_[to]->packets_missed;
    tell(from, to, Passage::missed, datagram);
    return;
  }
  if (paused(to)) {
    nodes_[to]->held_datagrams.push_back({from, to, std::string(datagram)});
    return;
  }
  present(to).receive(nodes_[from]->endpoint, datagram);
}

// Tells of a datagram: only its ends know which messages it carries.
void QuicNetwork::tell(NodeNumber from, NodeNumber to, Passage passage, std::string_view datagram) {
  if (log_.wants_passage()) log_.passage({now_, passage, from, to, {}, datagram});
}

// ----- time -----

void QuicNetwork::push(Time time, std::uint32_t slot, Tag tag) {
  queue_.push(std::max(time, now_), slot, static_cast<std::uint32_t>(tag));
}

void QuicNetwork::schedule(Time time, Action action) {
  push(time, actions_.allocate(std::move(action)), Tag::action);
}

void QuicNetwork::later(NodeNumber number, Time time, Action action) {
  const std::size_t life = nodes_[number]->lives.size();
  schedule(time, [this, number, life, action = std::move(action)] {
    Node& node = *nodes_[number];
    if (!node.up || node.lives.size() != life) return;
    if (node.paused) {
      node.held_actions.push_back(action);
    } else {
      action();
    }
  });
}

void QuicNetwork::touch(NodeNumber number) {
  Node& node = *nodes_[number];
  if (node.dirty) return;
  node.dirty = true;
  dirty_.push_back(number);
}

void QuicNetwork::settle() {
  // Sending tells no guest anything, so nobody is touched meanwhile.
  for (const NodeNumber number : dirty_) {
    Node& node = *nodes_[number];
    node.dirty = false;
    if (!node.up || node.paused) continue;
    Sink sink(*this, number);
    present(number).flush(sink);
    const Time next = present(number).next_expiry();
    if (next < node.wake) {
      node.wake = std::max(next, now_);
      push(node.wake, number, Tag::wake);
    }
  }
  dirty_.clear();
}

void QuicNetwork::wake(NodeNumber number) {
  Node& node = *nodes_[number];
  // The last that was set of several counts.
  if (node.wake > now_) return;
  node.wake = kTimeMax;
  if (node.up && !node.paused) present(number).advance();
}

// Before a node is used from outside, its host learns what time it is.
void QuicNetwork::tell_time() {
  for (NodeNumber number = 0; number < nodes_.size(); ++number) {
    if (up(number) && !paused(number)) present(number).advance();
  }
}

void QuicNetwork::process(const Event& event) {
  const std::uint32_t slot = event.slot;
  switch (static_cast<Tag>(event.tag)) {
    case Tag::datagram: {
      const Datagram datagram = std::move(datagrams_[slot]);
      datagrams_.release(slot);
      carrier_->carry(datagram.from, datagram.to, datagram.bytes);
      break;
    }
    case Tag::action: {
      const Action action = std::move(actions_[slot]);
      actions_.release(slot);
      tell_time();
      action();
      break;
    }
    case Tag::wake:
      wake(slot);
      break;
    case Tag::resume:
      go_on(slot);
      break;
  }
}

bool QuicNetwork::run_until(Time end) {
  const TlsRandom::Scope scope(tls_random_);
  for (;;) {
    settle();
    const Time next = queue_.empty() ? kTimeMax : queue_.next_time();
    // Events come first among all that is due.
    if (next > std::min(now_, end)) look_before(std::min(now_, end) + Duration{1});
    if (next > end && now_ >= end) {
      tell_time();
      return true;
    }
    now_ = std::max(now_, carrier_->wait(std::min({next, looks_.next(), end})));
    while (!queue_.empty() && queue_.next_time() <= std::min(now_, end)) {
      settle();
      look_before(queue_.next_time());
      if (log_.events() == options_.max_events) return false;
      const Event event = queue_.pop();
      log_.begin_event();
      exchanges_.begin_event();
      process(event);
      log_.end_event(now_);
    }
  }
}

void QuicNetwork::look_before(Time time) {
  while (looks_.next() < time) {
    now_ = std::max(now_, looks_.next());
    looks_.take()();
  }
}

std::size_t QuicNetwork::pending(NodeNumber number) const {
  return up(number) ? life(number).pending() : 0;
}

}  // namespace macula::sim
