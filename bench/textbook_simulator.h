// The baseline of the simulator's benchmark: the same traffic, simulated as one would at first.
//
// A std::priority_queue of events, each with its message on the heap; tables that are plain lists
// of ids, of which the k closest are found by sorting; a timeout event for each request; no digest,
// no model of connections or loss. A lookup asks as many random nodes as one of the real simulator
// asks, alpha at a time, and does not look at the answers.
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
};

// Runs the load; returns the messages delivered.
std::uint64_t run_textbook_simulator(const TextbookLoad& load);

}  // namespace macula::bench
