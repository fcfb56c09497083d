// Strangers alone in a loop of this machine's time: their victim is a process of its own.
//
//   Outside outside;
//   Stranger stranger(outside, endpoint_of_the_process, 77);
//   outside.run_until([&] { return stranger.up; }, kPatience);
#pragma once

#include <functional>
#include <memory>

#include "tests/dht/quic/hostile/arena.h"

namespace macula::dht::quic {

class Outside final : public Arena {
 public:
  [[nodiscard]] Loop& arena_loop() override { return *loop_; }
  bool run_until(const std::function<bool()>& condition, Duration limit) override {
    const Time end = loop_->now() + limit;
    while (!condition()) {
      if (loop_->now() >= end) return false;
      loop_->run_once(std::chrono::milliseconds(10));
    }
    return true;
  }

 private:
  std::unique_ptr<Loop> loop_ = std::move(*Loop::create());
};

}  // namespace macula::dht::quic
