// Work on several threads, handed over in order: what is printed does not depend on who was first.
//
//   OrderedWork work;
//   work.work = [&](std::size_t i, const GiveUpThread&) { results[i] = run(i); };
//   work.done = [&](std::size_t i) { print(results[i]); };
//   run_ordered(count, jobs, work);
#pragma once

#include <cstddef>
#include <functional>

namespace macula::sim {

// For work that cannot return: it counts as done, another thread goes on with the rest, and this
// one sleeps for ever. Does not return.
using GiveUpThread = std::function<void()>;

struct OrderedWork {
  // On some thread, each index once, lower ones first. Must not throw.
  std::function<void(std::size_t, const GiveUpThread&)> work;
  // These are called on the calling thread.
  std::function<void(std::size_t)> done;  // in order, once work(i) has returned
  std::function<void()> tick = [] {};     // several times a second
  // Asked as often, and after each `done`. True: no more work begins; what is under way may still
  // end within a few seconds and is handed over.
  std::function<bool()> stop = [] { return false; };
};

struct WorkDone {
  std::size_t handed_over = 0;
  bool running = false;  // some work goes on, on its thread: what it refers to must live on
};

// Does the work of indexes 0 to count - 1 on `jobs` threads (at least 1); returns when all is done,
// or it was stopped.
WorkDone run_ordered(std::size_t count, unsigned jobs, OrderedWork ordered);

}  // namespace macula::sim
