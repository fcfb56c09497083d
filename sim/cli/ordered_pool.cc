#include "sim/cli/ordered_pool.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace macula::sim {
namespace {

constexpr std::chrono::milliseconds kTickEvery{200};

class OrderedPool {
 public:
  OrderedPool(std::size_t count, const OrderedWork& ordered)
      : ordered_(ordered), finished_(count) {}

  void work_until_empty() {
    for (std::size_t i = next_++; i < finished_.size(); i = next_++) {
      ordered_.work(i);
      const std::lock_guard lock(mutex_);
      finished_[i] = true;
      changed_.notify_one();
    }
  }

  void hand_over_all() {
    for (std::size_t i = 0; i < finished_.size(); ++i) {
      wait_for(i);
      ordered_.done(i);
    }
  }

 private:
  void wait_for(std::size_t i) {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, kTickEvery, [&] { return finished_[i]; })) {
      lock.unlock();
      ordered_.tick();
      lock.lock();
    }
  }

  const OrderedWork& ordered_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<bool> finished_;  // under mutex_
};

}  // namespace

void run_ordered(std::size_t count, unsigned jobs, const OrderedWork& ordered) {
  OrderedPool pool(count, ordered);
  std::vector<std::thread> threads;
  const std::size_t wanted = std::min<std::size_t>(std::max(jobs, 1U), count);
  for (std::size_t i = 0; i < wanted; ++i) {
    threads.emplace_back([&pool] { pool.work_until_empty(); });
  }
  pool.hand_over_all();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace macula::sim
