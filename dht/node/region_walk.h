// Learns who is in a region of the id space, whole: by lookups, one after another.
//
//   RegionWalk walk(book, self, key, 20);
//   while (!walk.done()) walk.add(closest);   // to walk.target(), as a lookup returns it
//   if (auto region = walk.region()) use(region->nodes);   // all of them, by id
//
// A region is a prefix of ids with more than k nodes that is not cut in two, since one of its
// halves would have no more than k: so all k closest to a key in it are in it, too. Among 10 000
// nodes there are about 300 (the "provide sweep" of IPFS, 2025). A node with many records to store
// walks through each region once, where else each record would cost a lookup of its own.
//
// A lookup of one id of a prefix tells of all nodes in a smaller one: in that which has none as far
// as the farthest that was found. The next one begins behind it. First the prefix of the key is
// walked that the k closest fill; then, upwards, its other half, until one has so many nodes that
// all above it have enough, too. It takes about ten lookups. Where one finds fewer than k, or there
// is no end to those that claim to be there, there is no region.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "dht/contact/contact_book.h"
#include "dht/contact/node_id.h"

namespace macula::dht {

// All ids that share the first `bits` bits of `first`, whose others are 0.
struct Prefix {
  NodeId first{};
  int bits = 0;

  // The one of so many bits that an id is in.
  [[nodiscard]] static Prefix of(const NodeId& id, int bits);
  [[nodiscard]] bool contains(const NodeId& id) const { return bucket_index(first, id) >= bits; }
  // Nothing behind the last one.
  [[nodiscard]] std::optional<NodeId> next() const;
};

struct Region {
  Prefix prefix;
  std::vector<ContactRef> nodes;  // the own one included
};

class RegionWalk {
 public:
  static constexpr std::size_t kMostLookups = 1024;

  // The region that `key` is in, for records that k nodes hold: at least 2, for one node alone says
  // nothing of those around it.
  RegionWalk(const ContactBook& book, ContactRef self, const NodeId& key, std::uint32_t k);

  [[nodiscard]] bool done() const { return !target_.has_value(); }
  // The target to be looked up next. Not once it is done.
  [[nodiscard]] const NodeId& target() const { return *target_; }
  // The closest to it, nearest first, without the own node.
  void add(const std::vector<ContactRef>& closest);

  // Once it is done. Nothing where there is none.
  [[nodiscard]] std::optional<Region> region() const;
  // All that were found so far.
  [[nodiscard]] const std::vector<ContactRef>& nodes() const { return nodes_; }
  [[nodiscard]] std::size_t lookups() const { return lookups_; }

 private:
  void part_done();
  void walk(const Prefix& part);
  void note(ContactRef contact);
  [[nodiscard]] std::size_t count(const Prefix& prefix) const;
  // Whether there are more nodes in it than hold a record.
  [[nodiscard]] bool has_enough(const Prefix& prefix) const { return count(prefix) > k_; }
  // Whether it has so many that all larger ones beside it surely have enough.
  [[nodiscard]] bool is_ample(const Prefix& prefix) const;

  const ContactBook* book_;
  NodeId key_;
  std::uint32_t k_;
  std::optional<NodeId> target_;
  std::optional<Prefix> part_;  // that is walked now; nothing before the first answer
  bool other_half_ = false;     // it is not that of the key
  int level_ = 0;               // bits of the prefix of the key that has been walked
  int bits_ = 0;                // of the region, as far as is known
  bool none_ = false;
  std::vector<ContactRef> nodes_;  // by id
  std::size_t lookups_ = 0;
};

}  // namespace macula::dht
