// How many nodes there are, by how close to their targets those lie that lookups find.
//
//   SizeEstimate size(16);                          // by the last 16 lookups
//   size.add(book, target, closest);                // nearest first, as a lookup returns them
//   if (const auto nodes = size.nodes()) ...
//
// Among n ids spread evenly, the i-th closest to a target is off by about i / n of the whole space.
// The least squares fit of that to the distances d_1, .., d_k of one lookup, as shares of the
// space, is n = sum of i^2 / sum of i d_i; the estimate is the mean of the fits of several lookups.
// This is the estimator of the mainline DHT's `mainline` crate (docs/dht_size_estimate.md), which
// publishes its relative standard deviation as 0.281 m^-0.529 after m lookups with k = 20. A fit
// alone is too high by 6 % in the mean, since it is an inverse; so is their mean.
//
// Whole numbers only: what a node does may depend on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "dht/contact/contact_book.h"
#include "dht/contact/node_id.h"

namespace macula::dht {

class SizeEstimate {
 public:
  // By the last so many lookups, at least one.
  explicit SizeEstimate(std::size_t lookups) : lookups_(lookups) { fits_.reserve(lookups); }

  // Distances count by their first 64 bits. A lookup that found nobody counts for nothing.
  void add(const ContactBook& book, const NodeId& target, const std::vector<ContactRef>& closest);

  // The node that looks included. Nothing before there were so many lookups.
  [[nodiscard]] std::optional<std::uint64_t> nodes() const;

 private:
  std::size_t lookups_;
  std::vector<std::uint64_t> fits_;
  std::size_t oldest_ = 0;  // where the next one goes, once there are so many
};

}  // namespace macula::dht
