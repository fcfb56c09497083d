// QUIC on loopback, two ends on two threads: latency beside plain UDP, small requests a second at
// the transport and through nodes, handshakes beside TLS over TCP, and what idle connections cost.
//
// Each benchmark runs its baseline in turns with what it measures, kRounds times, and gives medians
// over the rounds; a ratio is the median of the ratios of the rounds. `slept` is the share of the
// waits of this end of QUIC that ended with sleep and not with a poll (dht/quic/udp/poll_budget.h):
// where it is large, others needed the cores, and the ratio says more of them than of QUIC.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "base/check.h"
#include "bench/baselines.h"
#include "bench/engine_end.h"
#include "bench/loop_thread.h"
#include "bench/median.h"
#include "bench/node_end.h"
#include "bench/pinning.h"
#include "bench/run_until.h"
#include "dht/quic/udp/monotonic_clock.h"
#include "dht/wire/codec.h"

namespace macula::dht::quic {
namespace {

constexpr int kRounds = 11;

template <typename Action>
double microseconds(Action action) {
  const Time begin = monotonic_now();
  action();
  return static_cast<double>((monotonic_now() - begin).count()) / 1e3;
}

// Median of `count` times.
template <typename Action>
double median_microseconds(int count, Action action) {
  std::vector<double> times;
  for (int i = 0; i < count; ++i) times.push_back(microseconds(action));
  return median(std::move(times));
}

// A measurement and its baseline, once a round each.
class Turns {
 public:
  void add(double baseline, double measured) {
    baseline_.push_back(baseline);
    measured_.push_back(measured);
    ratios_.push_back(measured / baseline);
  }
  [[nodiscard]] double baseline() const { return median(baseline_); }
  [[nodiscard]] double measured() const { return median(measured_); }
  [[nodiscard]] double ratio() const { return median(ratios_); }

 private:
  std::vector<double> baseline_, measured_, ratios_;
};

template <typename Action>
double per_second(int count, Action action) {
  return 1e6 * count / microseconds(action);
}

double slept(const Loop& loop) {
  const auto slept = static_cast<double>(loop.waits().slept);
  return slept / (slept + static_cast<double>(loop.waits().polled));
}

// A client that keeps so many requests of kRequestBytes under way, each on a stream of its own, at
// an echo on a thread of its own.
class EchoBench {
 public:
  EchoBench() {
    client_.dial(remote_);
    client_.on_up([this](ConnectionId id) { connection_ = id; });
    run_until(*loop_, [this] { return client_.connected() == 1; });
    client_.on_data([this](ConnectionId, StreamId, std::string_view, bool fin) {
      if (fin) answered();
    });
  }

  void run(int requests, int in_flight) {
    to_ask_ = to_answer_ = requests;
    for (int i = 0; i < in_flight; ++i) ask();
    run_until(*loop_, [this] { return to_answer_ == 0; });
  }
  [[nodiscard]] const Loop& loop() const { return *loop_; }

 private:
  void ask() {
    if (to_ask_ == 0) return;
    --to_ask_;
    const StreamId stream = client_.engine().open_stream(connection_).value();
    client_.engine().write(connection_, stream, std::string(kRequestBytes, 'q'), true);
  }
  void answered() {
    --to_answer_;
    ask();
  }

  Endpoint remote_;
  LoopThread server_{[this](Loop& loop) {
    auto echo = make_echo(loop, {});
    remote_ = echo->local();
    return echo;
  }};
  std::unique_ptr<Loop> loop_ = std::move(*Loop::create());
  EngineEnd client_{*loop_, 2, {}};
  ConnectionId connection_{};
  int to_ask_ = 0;
  int to_answer_ = 0;
};

// One request in flight.
void round_trip(benchmark::State& state) {
  pin_to_core(kNearCore);
  constexpr int kWarmUp = 200;
  constexpr int kRequests = 3000;
  UdpBench udp;
  EchoBench quic;
  for (auto _ : state) {
    Turns turns;
    udp.run(kWarmUp, 1);
    quic.run(kWarmUp, 1);
    for (int round = 0; round < kRounds; ++round) {
      const double baseline = median_microseconds(kRequests, [&] { udp.run(1, 1); });
      turns.add(baseline, median_microseconds(kRequests, [&] { quic.run(1, 1); }));
    }
    state.counters["udp_p50_us"] = turns.baseline();
    state.counters["quic_p50_us"] = turns.measured();
    state.counters["times_udp"] = turns.ratio();
    state.counters["slept"] = slept(quic.loop());
  }
}
BENCHMARK(round_trip)->Iterations(1)->Unit(benchmark::kMillisecond);

constexpr int kInFlight = 64;
constexpr int kRequests = 100'000;

// 64 requests in flight on one connection, at the transport.
void requests(benchmark::State& state) {
  pin_to_core(kNearCore);
  UdpBench udp;
  EchoBench quic;
  for (auto _ : state) {
    Turns turns;
    udp.run(kRequests / 10, kInFlight);
    quic.run(kRequests / 10, kInFlight);
    for (int round = 0; round < kRounds; ++round) {
      const double baseline = per_second(kRequests, [&] { udp.run(kRequests, kInFlight); });
      turns.add(baseline, per_second(kRequests, [&] { quic.run(kRequests, kInFlight); }));
    }
    state.counters["udp_per_second"] = turns.baseline();
    state.counters["quic_per_second"] = turns.measured();
    state.counters["times_udp"] = turns.ratio();
    state.counters["slept"] = slept(quic.loop());
  }
}
BENCHMARK(requests)->Iterations(1)->Unit(benchmark::kMillisecond);

constexpr Key kKey{{1, 2, 3, 4}};

std::shared_ptr<NodeEnd> make_node_with_value(Loop& loop, const HostConfig& config) {
  auto server = std::make_shared<NodeEnd>(loop, 1, config);
  const auto value = std::make_shared<const wire::Value>(
      wire::make_map({{"node_id", {id_to_bytes(kKey)}}, {"ttl", wire::make_integer(300)}}));
  MACULA_CHECK(server->node().store_local(kKey, value));
  return server;
}

// 64 lookups of a value in flight, from a node to a node that holds it: one FIND_VALUE each. The
// baseline is as many requests of the transport alone.
void find_value(benchmark::State& state) {
  pin_to_core(kNearCore);
  constexpr int kLookups = 40'000;
  EchoBench quic;
  Contact server_contact;
  const LoopThread server([&](Loop& loop) {
    auto node = make_node_with_value(loop, {});
    server_contact = node->self();
    return node;
  });
  auto loop = std::move(*Loop::create());
  NodeEnd client(*loop, 2, {});
  client.add_contact(server_contact);
  int to_ask = 0;
  int to_answer = 0;
  std::function<void()> ask = [&] {
    if (to_ask == 0) return;
    --to_ask;
    FindOptions network_only;
    network_only.local = false;
    client.node().find_value(kKey, network_only, [&](FindResult& result) {
      MACULA_CHECK(result.values.size() == 1);
      --to_answer;
      ask();
    });
  };
  const auto run = [&](int lookups) {
    to_ask = to_answer = lookups;
    client.host().advance(loop->now());
    for (int i = 0; i < kInFlight; ++i) ask();
    run_until(*loop, [&] { return to_answer == 0; });
  };
  for (auto _ : state) {
    Turns turns;
    quic.run(kLookups / 10, kInFlight);
    run(kLookups / 10);
    for (int round = 0; round < kRounds; ++round) {
      const double baseline = per_second(kLookups, [&] { quic.run(kLookups, kInFlight); });
      turns.add(baseline, per_second(kLookups, [&] { run(kLookups); }));
    }
    state.counters["requests_per_second"] = turns.baseline();
    state.counters["lookups_per_second"] = turns.measured();
    state.counters["of_requests"] = turns.ratio();
    state.counters["slept"] = slept(*loop);
  }
}
BENCHMARK(find_value)->Iterations(1)->Unit(benchmark::kMillisecond);

// One handshake after another, both ends with certificates, until the client knows that the server
// has accepted its own.
void handshakes(benchmark::State& state) {
  pin_to_core(kNearCore);
  constexpr int kHandshakes = 200;
  TlsServer tls;
  EngineConfig config;
  config.max_connections = std::size_t{1} << 20;
  Endpoint remote;
  const LoopThread server([&](Loop& loop) {
    auto echo = make_echo(loop, config);
    remote = echo->local();
    return echo;
  });
  auto loop = std::move(*Loop::create());
  EngineEnd client(*loop, 2, config);
  std::size_t done = 0;
  client.on_up([&](ConnectionId id) {
    client.engine().close(id, 0, "");
    ++done;
  });
  const auto connect = [&] {
    const std::size_t before = done;
    client.dial(remote);
    run_until(*loop, [&] { return done > before; });
  };
  for (auto _ : state) {
    Turns turns;
    for (int round = 0; round < kRounds; ++round) {
      const double baseline = per_second(kHandshakes, [&] {
        for (int i = 0; i < kHandshakes; ++i) tls.connect();
      });
      turns.add(baseline, per_second(kHandshakes, [&] {
                  for (int i = 0; i < kHandshakes; ++i) connect();
                }));
    }
    state.counters["tls_per_second"] = turns.baseline();
    state.counters["quic_per_second"] = turns.measured();
    state.counters["times_tls"] = turns.ratio();
  }
}
BENCHMARK(handshakes)->Iterations(1)->Unit(benchmark::kMillisecond);

// ----- connections that do nothing -----

constexpr std::size_t kIdle = 1000;

// The resident memory of this process, in bytes, without the free part that could be given back.
double resident() {
  constexpr double kUnit = 1024;
  ::malloc_trim(0);
  std::ifstream status("/proc/self/status");
  const std::string field = "VmRSS:";
  for (std::string line; std::getline(status, line);) {
    if (line.rfind(field, 0) == 0) return std::stod(line.substr(field.size())) * kUnit;
  }
  return 0;
}

// Connections of one client to a node, each after one request: FIND_VALUE, answered.
class IdleBench {
 public:
  explicit IdleBench(const EngineConfig& config) : client_(*loop_, 2, config) {
    host_.engine = config;
    host_.max_per_key = 2 * kIdle;  // one client, at one address, makes them all
    host_.pool = 16 * kIdle;
    host_.engine.max_connections = 16 * kIdle;
    server_ = std::make_unique<LoopThread>([this](Loop& loop) {
      auto node = make_node_with_value(loop, host_);
      remote_ = node->local();
      return node;
    });
    client_.on_up([this](ConnectionId id) {
      const StreamId stream = client_.engine().open_stream(id).value();
      client_.engine().write(id, stream, wire::encode(wire::FindValue{kKey}, book_), true);
    });
    client_.on_data([this](ConnectionId, StreamId, std::string_view bytes, bool fin) {
      bytes_ += bytes.size();
      if (fin) ++answered_;
    });
  }

  void connect(std::size_t count) {
    constexpr std::size_t kAtOnce = 16;
    const std::size_t end = answered_ + count;
    for (std::size_t dialled = answered_; answered_ < end;) {
      while (dialled < end && dialled < answered_ + kAtOnce) {
        client_.dial(remote_);
        ++dialled;
      }
      loop_->run_once(std::chrono::milliseconds(100));
    }
    MACULA_CHECK(bytes_ > 0 && client_.engine().connections() == answered_);
  }
  void idle(Duration duration) {
    const Time end = loop_->now() + duration;
    while (loop_->now() < end) loop_->run_once(end - loop_->now());
    MACULA_CHECK(client_.engine().connections() == answered_);
  }
  [[nodiscard]] Duration server_cpu_time() { return server_->cpu_time(); }

 private:
  std::unique_ptr<Loop> loop_ = std::move(*Loop::create());
  HostConfig host_;
  ContactBook book_;
  Endpoint remote_;
  std::unique_ptr<LoopThread> server_;
  EngineEnd client_;
  std::size_t answered_ = 0;
  std::size_t bytes_ = 0;
};

// Memory of an end of an idle connection, the mean of both ends, and the processor time that a
// node's thread takes for kIdle of them with a keepalive of 2 s, a tenth of the usual pause: an
// upper bound of what it takes with 20 s.
void idle(benchmark::State& state) {
  constexpr std::size_t kWarmUp = 16;
  constexpr Duration kSettle = std::chrono::milliseconds(500);
  constexpr Duration kWatched = std::chrono::seconds(4);
  EngineConfig config;
  config.keepalive = std::chrono::seconds(2);
  for (auto _ : state) {
    IdleBench bench(config);
    bench.connect(kWarmUp);
    const double before = resident();
    bench.connect(kIdle);
    bench.idle(kSettle);
    state.counters["bytes_per_end"] = (resident() - before) / (2 * kIdle);
    const Duration used = bench.server_cpu_time();
    bench.idle(kWatched);
    const auto worked = static_cast<double>((bench.server_cpu_time() - used).count());
    state.counters["percent_of_a_core"] = 100 * worked / static_cast<double>(kWatched.count());
  }
}
BENCHMARK(idle)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace macula::dht::quic
