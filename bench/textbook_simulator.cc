#include "bench/textbook_simulator.h"

#include <algorithm>
#include <memory>
#include <queue>
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
  std::shared_ptr<Message> message;  // nullptr: a timeout, whose request was answered long ago
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
    const auto delay = static_cast<std::int64_t>(5'000'000 + random_.below(35'000'000));
    push(delay, std::make_shared<Message>(std::move(message)));
  }

  void ask(std::uint32_t searcher, std::uint32_t lookup) {
    if (left_[lookup] == 0) return;
    --left_[lookup];
    const auto asked = static_cast<std::uint32_t>(random_.below(load_.nodes));
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
