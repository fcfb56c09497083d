// The baseline of the simulator's benchmark: the same traffic, simulated as one would at first.
//
// A std::priority_queue of events, each with its message on the heap; tables that are plain lists
// of ids, of which the k closest are found by sorting; a timeout event for each request; no digest.
// A lookup asks as many random nodes as one of the real simulator asks, alpha at a time, and does
// not look at the answers.
//
// With `cold`, a pair that has not spoken needs two flights of a handshake first, of which a
// std::set knows; each packet has the jitter of both ends, and what is lost is sent again after a
// fixed time. Nobody comes or goes, and nothing is stored.
#pragma once

#include <cstdint>

namespace macula::bench {

struct TextbookLoad {
  std::uint32_t nodes = 10'000;
  std::uint32_t table_entries = 198;  // of a full table at k = 20
  std::uint32_t k = 20;
  std::uint32_t alpha = 3;
  std::uint32_t requests_per_lookup = 23;
  std::uint32_t lookups = 1'000;
  bool cold = false;
  std::uint32_t peers = 0;  // a node asks so many others, again and again; 0: all
};

// Runs the load; returns the messages delivered.
std::uint64_t run_textbook_simulator(const TextbookLoad& load);

}  // namespace macula::bench
