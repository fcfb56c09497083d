// Walks through regions of the id space on one node, one at a time (dht/node/region_walk.h), and
// remembers those that it has walked through.
//
//   walker.begin(key, done);   // done(const Region*): who is in the region of the key
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "dht/node/region_walk.h"
#include "dht/node/search.h"

namespace macula::dht {

class RegionWalker {
 public:
  // nullptr: there is no region, for there are too few nodes.
  using Done = std::function<void(const Region*)>;
  // The bytes that a lookup has sent.
  using Spent = std::function<void(std::size_t)>;

  struct Walked {
    Prefix prefix;
    std::size_t nodes = 0;
    Time at{};
  };

  RegionWalker(Context& context, Searches& searches, Spent spent)
      : context_(&context), searches_(&searches), spent_(std::move(spent)) {}

  [[nodiscard]] bool under_way() const { return walk_.has_value(); }
  // Through the region of the key. Not while one is under way.
  void begin(const Key& key, Done done);

  // Within the last `republish_interval`, by id.
  [[nodiscard]] const std::vector<Walked>& walked() const { return walked_; }

  void keep_contacts(ContactMarks& marks) const;

 private:
  void step();
  void note(const Region& region);

  Context* context_;
  Searches* searches_;
  Spent spent_;
  std::optional<RegionWalk> walk_;
  Done done_;
  std::vector<Walked> walked_;
};

}  // namespace macula::dht
