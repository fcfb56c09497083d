// The messages of the protocol: rumours, and which of them a node knows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gossip {

struct Rumour {
  std::uint64_t id = 0;
  std::string text;
};

struct Rumours {
  enum class Kind : std::uint8_t {
    news,        // one-way: `rumours`, heard just now
    pull,        // a request: `known` are the ids that the asker knows
    pull_reply,  // `rumours` that the asker did not know
  };

  Kind kind = Kind::news;
  std::vector<std::uint64_t> known;
  std::vector<Rumour> rumours;
};

}  // namespace gossip
