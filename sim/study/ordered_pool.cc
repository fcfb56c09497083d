#include "sim/study/ordered_pool.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace macula::sim {
namespace {

constexpr std::chrono::milliseconds kTickEvery{200};
constexpr std::chrono::seconds kGrace{3};  // for what is under way when it is stopped

// Shared by the calling thread and the workers, which may outlive the call.
class OrderedPool : public std::enable_shared_from_this<OrderedPool> {
 public:
  OrderedPool(std::size_t count, OrderedWork ordered)
      : ordered_(std::move(ordered)), finished_(count) {}

  void start(std::size_t workers) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < workers; ++i) add_worker();
  }

  WorkDone hand_over_all() {
    std::size_t handed_over = 0;
    std::size_t i = 0;
    bool stopped = false;
    for (; i < finished_.size() && !stopped; ++i) {
      stopped = !wait_for(i);
      if (stopped) break;
      ordered_.done(i);
      ++handed_over;
      stopped = ordered_.stop();
    }
    const bool running = !wait_for_workers(stopped);
    for (; i < finished_.size(); ++i) {
      if (!is_finished(i)) continue;
      ordered_.done(i);
      ++handed_over;
    }
    return {handed_over, running};
  }

 private:
  // With the mutex held.
  void add_worker() {
    ++workers_;
    std::thread([pool = shared_from_this()] { pool->work_until_empty(); }).detach();
  }

  void work_until_empty() {
    std::unique_lock lock(mutex_);
    while (next_ < finished_.size() && !stopped_) {
      const std::size_t i = next_++;
      lock.unlock();
      ordered_.work(i, [&] { give_up_thread(i); });
      lock.lock();
      finished_[i] = true;
      changed_.notify_one();
    }
    --workers_;
    changed_.notify_one();
  }

  [[noreturn]] void give_up_thread(std::size_t i) {
    {
      const std::lock_guard lock(mutex_);
      finished_[i] = true;
      --workers_;
      if (next_ < finished_.size() && !stopped_) add_worker();
      changed_.notify_one();
    }
    while (true) std::this_thread::sleep_for(std::chrono::hours(1));
  }

  // False: it was stopped before.
  bool wait_for(std::size_t i) {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, kTickEvery, [&] { return finished_[i]; })) {
      lock.unlock();
      ordered_.tick();
      if (ordered_.stop()) return false;
      lock.lock();
    }
    return true;
  }

  // Until none works any more. False: some go on.
  bool wait_for_workers(bool stopped) {
    std::unique_lock lock(mutex_);
    stopped_ = stopped;
    const auto idle = [&] { return workers_ == 0; };
    if (stopped) return changed_.wait_for(lock, kGrace, idle);
    changed_.wait(lock, idle);
    return true;
  }

  bool is_finished(std::size_t i) {
    const std::lock_guard lock(mutex_);
    return finished_[i];
  }

  const OrderedWork ordered_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by the mutex.
  std::vector<bool> finished_;
  std::size_t next_ = 0;
  unsigned workers_ = 0;
  bool stopped_ = false;
};

}  // namespace

WorkDone run_ordered(std::size_t count, unsigned jobs, OrderedWork ordered) {
  const auto pool = std::make_shared<OrderedPool>(count, std::move(ordered));
  pool->start(std::min<std::size_t>(std::max(jobs, 1U), count));
  return pool->hand_over_all();
}

}  // namespace macula::sim
