// Two ends of a benchmark on two cores, as on two machines. Left to itself the scheduler puts both
// on one core in some runs, where what is measured is how fast it switches between them.
//
//   pin_to_core(kFarCore);        // the calling thread
#pragma once

#include <pthread.h>
#include <sched.h>

namespace macula::dht::quic {

inline constexpr unsigned kNearCore = 0;  // of the benchmark itself
inline constexpr unsigned kFarCore = 1;   // of the other end's thread

// Where there is no such core, the thread stays where it may.
inline void pin_to_core(unsigned core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  static_cast<void>(::pthread_setaffinity_np(::pthread_self(), sizeof(cores), &cores));
}

}  // namespace macula::dht::quic
