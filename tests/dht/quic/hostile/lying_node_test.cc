// One lying node on the way of every call: all are answered, by whoever provides the procedure.
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dht/record/provider.h"
#include "tests/dht/quic/hostile/attacked_node.h"
#include "tests/dht/quic/hostile/liar.h"

namespace macula::dht::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kNodes = 16;
constexpr std::size_t kProvider = 0;
const Key kService = service_key("echo");

// Each node knows few others, and a record has few holders: most calls ask somebody on the way.
Protocol small_protocol() {
  Protocol protocol;
  protocol.k = 3;
  protocol.bucket_size = 3;
  return protocol;
}

class HonestNetwork final : public Arena {
 public:
  // One more node, which joins.
  HostedNode& add_node() {
    HostedNode& node = nodes.emplace_back(*loop_, nodes.size() + 1, HostConfig{}, nullptr,
                                          std::nullopt, small_protocol());
    add(node.socket);
    if (nodes.size() > 1) node.node->set_endpoints({nodes.front().socket.local()});
    node.node->start();
    return node;
  }

  [[nodiscard]] Loop& arena_loop() override { return *loop_; }
  bool run_until(const std::function<bool()>& condition, Duration limit) override {
    const Time end = loop_->now() + limit;
    while (!condition()) {
      if (loop_->now() >= end) return false;
      loop_->run_once(end - loop_->now());
    }
    return true;
  }
  void run_for(Duration duration) {
    run_until([] { return false; }, duration);
  }
  // Whether the call brought what the true provider answers.
  bool calls(std::size_t caller) {
    std::optional<CallOutcome> outcome;
    CallRequest request;
    request.procedure = "echo";
    request.args = std::to_string(caller);
    HostedNode& node = nodes[caller];
    node.host->advance(loop_->now());
    node.node->call(std::move(request), [&](CallResult& result) { outcome = result.outcome; });
    run_until([&] { return outcome.has_value(); }, minutes(1));
    const auto* answer = outcome ? std::get_if<wire::Bytes>(&*outcome) : nullptr;
    return answer != nullptr && *answer == std::to_string(caller);
  }
  bool advertises() {
    std::optional<std::size_t> replicas;
    nodes[kProvider].host->advance(loop_->now());
    nodes[kProvider].node->advertise(
        "echo", [&](StoreResult& result) { replicas = result.replicas.size(); });
    run_until([&] { return replicas.has_value(); }, minutes(1));
    return replicas.value_or(0) > 0;
  }

 private:
  SteppedClock clock_{[this] { return under_way_in_arena(); }};
  std::unique_ptr<Loop> loop_ = std::move(*Loop::create(clock_));

 public:
  std::deque<HostedNode> nodes;
};

// Closer to the service than all honest nodes: every lookup that looks for its holders comes by.
std::uint64_t closest_number() {
  const auto honest = [](std::uint64_t number) { return credentials_of(number).id(); };
  std::uint64_t number = 1000;
  const auto is_closest = [&] {
    const Distance own = distance(honest(number), kService);
    for (std::uint64_t i = 1; i <= kNodes; ++i) {
      if (distance(honest(i), kService) < own) return false;
    }
    return true;
  };
  while (!is_closest()) ++number;
  return number;
}

// The liar has no key but its own, whatever it says, and answers no call.
struct Lie {
  const char* name;
  std::function<std::optional<wire::Message>(const Liar& liar, const wire::Message& asked)> answer;
};

wire::Record told(wire::SharedValue value) {
  wire::Record record{std::move(value)};
  record.lifetime_ms = record.ttl_ms = 300'000;
  return record;
}

// A provider, as if it listened where the liar does.
wire::Record provider(const Liar& liar, const NodeId& id) {
  return told(make_provider_record({id, liar.at(), std::nullopt}, kTimeZero, seconds(300)));
}

wire::FindValueReply records_of(wire::Record record) {
  std::vector<wire::Record> records;
  records.push_back(std::move(record));
  return {std::move(records)};
}

NodeId true_provider() {
  return credentials_of(kProvider + 1).id();
}

std::vector<Lie> lies() {
  const auto asks_value = [](const wire::Message& asked) {
    return std::holds_alternative<wire::FindValue>(asked);
  };
  using Said = std::optional<wire::Message>;
  return {
      {"silence", [](const Liar&, const wire::Message&) -> Said { return std::nullopt; }},
      {"nobody",
       [=](const Liar&, const wire::Message& asked) -> Said {
         if (asks_value(asked)) return wire::FindValueReply{ContactList{}};
         return wire::FindNodeReply{};
       }},
      {"unsigned",
       [=](const Liar& liar, const wire::Message& asked) -> Said {
         if (asks_value(asked)) return records_of(provider(liar, liar.id()));
         return wire::FindNodeReply{};
       }},
      {"in_the_name_of_the_provider",
       [=](const Liar& liar, const wire::Message& asked) -> Said {
         if (asks_value(asked)) return records_of(provider(liar, true_provider()));
         return wire::FindNodeReply{};
       }},
      // Signed, by a key that has nothing to do with the provider that it names.
      {"signed_by_another",
       [=](const Liar& liar, const wire::Message& asked) -> Said {
         if (!asks_value(asked)) return wire::FindNodeReply{};
         wire::Record record = provider(liar, true_provider());
         sign_record(kService, record, 1'000'000'000'000'000, SigningKey(seed_of(4711)));
         return records_of(std::move(record));
       }},
      {"withdrawn",
       [=](const Liar& liar, const wire::Message& asked) -> Said {
         if (!asks_value(asked)) return wire::FindNodeReply{};
         wire::FindValueReply reply{ContactList{}};
         for (const bool is_signed : {false, true}) {
           wire::Record record = provider(liar, true_provider());
           record.withdrawn = true;
           const std::uint64_t late = 1'000'000'000'000'000;
           if (is_signed) sign_record(kService, record, late, SigningKey(seed_of(4711)));
           reply.withdrawn.push_back(std::move(record));
         }
         return reply;
       }},
      {"something_else",
       [](const Liar&, const wire::Message&) -> Said {
         return wire::Pong{1, 1};
       }},
  };
}

void PrintTo(const Lie& lie, std::ostream* out) {
  *out << lie.name;
}

class LyingNode : public testing::TestWithParam<Lie> {};

TEST_P(LyingNode, OnTheWayAllCallsAreAnswered) {
  HonestNetwork network;
  Liar liar(network, closest_number(),
            [&](const wire::Message& asked) { return GetParam().answer(liar, asked); });
  for (std::size_t i = 0; i < kNodes; ++i) {
    liar.meet(network.add_node().socket.local());
    network.run_for(seconds(1));
  }
  network.run_for(seconds(30));
  ASSERT_TRUE(network.advertises());
  liar.asked = 0;
  for (int round = 0; round < 3; ++round) {
    // It has asked all for the record: those that have none would keep a copy of it.
    wire::LeaveCopy copy{kService, 30'000, {}};
    copy.records.push_back(provider(liar, liar.id()));
    liar.tell_all(wire::FindValue{kService});
    network.run_for(seconds(1));
    liar.tell_all(copy);
    network.run_for(seconds(1));
    for (std::size_t caller = 0; caller < kNodes; ++caller) {
      EXPECT_TRUE(network.calls(caller)) << caller << " in round " << round;
    }
    network.run_for(minutes(2));
  }
  EXPECT_GE(liar.asked, kNodes);
}

INSTANTIATE_TEST_SUITE_P(Lies, LyingNode, testing::ValuesIn(lies()),
                         [](const testing::TestParamInfo<Lie>& each) { return each.param.name; });

}  // namespace
}  // namespace macula::dht::quic
