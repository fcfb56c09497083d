// An event loop with a thread of its own, for the other end of a benchmark.
//
//   LoopThread server([&](Loop& loop) { return std::make_shared<EchoEnd>(loop); });
//
// The result of `make` is made, lives and ends on that thread.
#pragma once

#include <pthread.h>

#include <ctime>
#include <functional>
#include <future>
#include <memory>
#include <thread>

#include "base/check.h"
#include "bench/pinning.h"
#include "dht/quic/udp/loop.h"

namespace macula::dht::quic {

class LoopThread {
 public:
  using Make = std::function<std::shared_ptr<void>(Loop&)>;

  explicit LoopThread(const Make& make) {
    std::promise<Loop*> made;
    thread_ = std::thread([&] {
      pin_to_core(kFarCore);
      auto loop = Loop::create();
      MACULA_CHECK(loop.has_value());
      std::shared_ptr<void> kept = make(**loop);
      made.set_value(loop->get());
      (*loop)->run();
      kept.reset();
    });
    loop_ = made.get_future().get();
  }
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;
  ~LoopThread() {
    Loop* loop = loop_;
    loop->post([loop] { loop->stop(); });
    thread_.join();
  }

  // The processor time that the thread has used since it started.
  [[nodiscard]] Duration cpu_time() {
    clockid_t clock = 0;
    timespec time{};
    MACULA_CHECK(::pthread_getcpuclockid(thread_.native_handle(), &clock) == 0);
    MACULA_CHECK(::clock_gettime(clock, &time) == 0);
    return std::chrono::seconds(time.tv_sec) + Duration(time.tv_nsec);
  }

 private:
  std::thread thread_;
  Loop* loop_ = nullptr;
};

}  // namespace macula::dht::quic
