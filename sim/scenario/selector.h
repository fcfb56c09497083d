// Which nodes a step or metric speaks of.
//
//     eu            a node, or all nodes of a group
//     eu#0          one node of a group, counted from 0
//     any(eu)       one live node of them, drawn anew at each use
//     sample(eu, 10%)   a share of them, drawn anew at each use
//     closest(key, 8)   the 8 nodes, dead or alive, whose ids are closest to the key
//     closest_live(key, 8)   the 8 live ones
//     holders(key)      the live nodes whose stores hold the key
//     all           every node
//     eu + us#3         all nodes that one of them selects; in TOML also ["eu", "us#3"]
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace macula::sim {

struct Selector {
  enum class Kind : std::uint8_t {
    all,
    named,
    indexed,
    any,
    sample,
    closest,
    closest_live,
    holders,
    list
  };

  Kind kind = Kind::all;
  std::string name;  // named, indexed: of the node or group; closest(_live), holders: the key
  std::uint32_t number = 0;       // indexed: the index; closest(_live): how many
  std::uint32_t share_ppm = 0;    // sample: parts per million
  std::vector<Selector> members;  // any, sample: one, the nodes drawn from; list: its entries
  std::string text;               // as written
};

}  // namespace macula::sim
