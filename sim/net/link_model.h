// How long a packet takes between two nodes, and whether it gets through: plain data.
//
// Every pair of nodes has a base delay, from the region matrix or drawn once from `default_delay`
// (the same in both directions); each packet adds the jitter of the matrix and of both ends' link
// classes. Loss is independent per packet. Nothing here has state: the fate of a packet is a hash
// (sim/net/link.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/engine/distribution.h"

namespace macula::sim {

// A [link.NAME]: what a node's access link adds to each packet, in either direction.
struct LinkClass {
  std::string name;
  Distribution delay;          // per packet, over the base delay
  Distribution jitter;         // likewise; kept apart because tc-netem does
  std::uint32_t loss_ppm = 0;  // parts per million
};

// One row of the region matrix (CSV: from,to,delay_us,jitter_us,loss_ppm).
struct RegionLink {
  std::string from;
  std::string to;
  std::int64_t delay_ns = 0;
  std::int64_t jitter_ns = 0;  // standard deviation of the normally distributed delay
  std::uint32_t loss_ppm = 0;
};

struct LinkModel {
  Distribution default_delay;  // one-way, between nodes that no row of the matrix covers
  std::uint32_t default_loss_ppm = 0;
  std::vector<RegionLink> matrix;  // empty: none
  std::vector<LinkClass> classes;
};

// Salts of the fates of packets: 0 leaves those that follow from the run's seed, another gives all
// packets other fates, in a network that is the same otherwise.
struct Fates {
  std::uint64_t salt = 0;
  // Packets sent later than this have `later` in place of `salt`.
  Time until = kTimeMax;
  std::uint64_t later = 0;
};

}  // namespace macula::sim
