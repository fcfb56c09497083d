#include "bench/textbook_simulator.h"

#include <algorithm>
#include <memory>
#include <queue>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "dht/contact/node_id.h"
#include "sim/engine/random.h"

namespace macula::bench {
namespace {

using dht::NodeId;

struct Message {
  std::uint32_t from;
  std::uint32_t to;
  std::uint32_t lookup;
  bool is_reply;
  NodeId target;
  std::vector<NodeId> nodes;
};

struct Event {
  std::int64_t time;
  std::uint64_t sequence;
  // nullptr: a timeout, whose request was answered long ago; or a packet that carries none.
  std::shared_ptr<Message> message;
};

struct Later {
  bool operator()(const Event& a, const Event& b) const {
    return a.time != b.time ? a.time > b.time : a.sequence > b.sequence;
  }
};

class Simulator {
 public:
  explicit Simulator(const TextbookLoad& load) : load_(load), tables_(load.nodes) {
    std::vector<NodeId> ids(load.nodes);
    for (NodeId& id : ids) id = random_id();
    for (auto& table : tables_) {
      for (std::uint32_t i = 0; i < load.table_entries; ++i) {
        table.push_back(ids[static_cast<std::size_t>(random_.below(load.nodes))]);
      }
    }
  }

  std::uint64_t run() {
    left_.assign(load_.lookups, load_.requests_per_lookup);
    for (std::uint32_t lookup = 0; lookup < load_.lookups; ++lookup) {
      const auto searcher = static_cast<std::uint32_t>(random_.below(load_.nodes));
      for (std::uint32_t i = 0; i < load_.alpha; ++i) ask(searcher, lookup);
    }
    std::uint64_t delivered = 0;
    while (!events_.empty()) {
      const Event event = events_.top();
      events_.pop();
      now_ = event.time;
      if (event.message == nullptr) continue;
      ++delivered;
      deliver(*event.message);
    }
    return delivered;
  }

 private:
  NodeId random_id() { return {{random_.next(), random_.next(), random_.next(), random_.next()}}; }

  void push(std::int64_t delay, std::shared_ptr<Message> message) {
    events_.push({now_ + delay, sequence_++, std::move(message)});
  }

  void send(Message message) {
    std::int64_t delay = 0;
    if (load_.cold && connected_.insert(std::minmax(message.from, message.to)).second) {
      for (int flight = 0; flight < 2; ++flight) push(delay += packet_delay(), nullptr);
    }
    push(delay + packet_delay(), std::make_shared<Message>(std::move(message)));
  }

  // The delay of a packet, which is sent again until it arrives.
  std::int64_t packet_delay() {
    std::int64_t delay = 0;
    bool lost = false;
    do {
      delay += static_cast<std::int64_t>(5'000'000 + random_.below(35'000'000));
      if (!load_.cold) return delay;
      lost = false;
      for (int end = 0; end < 2; ++end) {
        delay += static_cast<std::int64_t>(jitter_(generator_));
        lost |= random_.below(1000) < 5;
      }
      if (lost) push(delay += 300'000'000, nullptr);
    } while (lost);
    return delay;
  }

  void ask(std::uint32_t searcher, std::uint32_t lookup) {
    if (left_[lookup] == 0) return;
    --left_[lookup];
    const auto asked =
        load_.peers == 0
            ? static_cast<std::uint32_t>(random_.below(load_.nodes))
            : static_cast<std::uint32_t>((searcher + 1 + random_.below(load_.peers)) % load_.nodes);
    send({searcher, asked, lookup, false, random_id(), {}});
    push(5'000'000'000, nullptr);
  }

  void deliver(const Message& message) {
    if (message.is_reply) {
      ask(message.to, message.lookup);
      return;
    }
    std::vector<NodeId> closest = tables_[message.to];
    std::partial_sort(closest.begin(), closest.begin() + load_.k, closest.end(),
                      [&](const NodeId& a, const NodeId& b) {
                        return dht::distance(a, message.target) < dht::distance(b, message.target);
                      });
    closest.resize(load_.k);
    send({message.to, message.from, message.lookup, true, message.target, std::move(closest)});
  }

  TextbookLoad load_;
  sim::RandomStream random_{1};
  std::mt19937_64 generator_{1};
  std::lognormal_distribution<double> jitter_{14.5, 0.6};  // ln 2 ms
  std::set<std::pair<std::uint32_t, std::uint32_t>> connected_;
  std::vector<std::vector<NodeId>> tables_;
  std::vector<std::uint32_t> left_;
  std::priority_queue<Event, std::vector<Event>, Later> events_;
  std::int64_t now_ = 0;
  std::uint64_t sequence_ = 0;
};

}  // namespace

std::uint64_t run_textbook_simulator(const TextbookLoad& load) {
  return Simulator(load).run();
}

}  // namespace macula::bench
