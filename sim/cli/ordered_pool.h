// Work on several threads, handed over in order: what is printed does not depend on who was first.
//
//   run_ordered(count, jobs, {work, done, tick});
#pragma once

#include <cstddef>
#include <functional>

namespace macula::sim {

struct OrderedWork {
  std::function<void(std::size_t)> work;  // on some thread, each index once, lower ones first
  std::function<void(std::size_t)> done;  // on the calling thread, in order, once work(i) returned
  std::function<void()> tick;             // on the calling thread, several times a second
};

// Does the work of indexes 0 to count - 1 on `jobs` threads (at least 1); returns when all is done.
// `work` must not throw.
void run_ordered(std::size_t count, unsigned jobs, const OrderedWork& ordered);

}  // namespace macula::sim
