// Ends a program in an orderly way: SIGINT, SIGTERM or SIGHUP (the terminal has gone) lets the node
// leave its network and close, and stops the loop once it has, or its patience is over. A second
// signal stops the loop at once.
#pragma once

#include <functional>

#include "dht/quic/node/live_node.h"

namespace macula::dht::quic {

class OrderlyEnd final : public LoopMember {
 public:
  // Both must outlive it.
  OrderlyEnd(Loop& loop, LiveNode& live, Duration patience);
  ~OrderlyEnd();
  OrderlyEnd(const OrderlyEnd&) = delete;
  OrderlyEnd& operator=(const OrderlyEnd&) = delete;

  // Called as the end begins.
  void on_begin(std::function<void()> action) { on_begin_ = std::move(action); }
  // As a signal does.
  void begin();
  [[nodiscard]] bool begun() const { return begun_; }
  [[nodiscard]] bool by_signal() const { return by_signal_; }

  [[nodiscard]] Time settle(Time now) override;

 private:
  void on_signal();

  Loop& loop_;
  LiveNode& live_;
  Duration patience_;
  std::function<void()> on_begin_;
  bool begun_ = false;
  bool by_signal_ = false;
};

}  // namespace macula::dht::quic
