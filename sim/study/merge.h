// Stores of several shards made one: the same bytes in whatever order they are given.
//
//   auto merged = merge_stores({"part-1", "part-2"}, "all");
//   merged->missing;   // what none of them has
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace macula::sim {

struct Merged {
  std::size_t runs = 0;              // in the store that came out
  std::vector<std::string> missing;  // a line for each scenario (sim/study/store_contents.h)
  std::string conflict;  // one unit with two results: nothing was written; empty: there is none
};

// Everything is read and checked before anything is written. The units that the store `out` holds
// already take part. The error, for a person: a store that cannot be read, stores of several
// programs, one unit with two results, or a file that cannot be written.
[[nodiscard]] tl::expected<Merged, std::string> merge_stores(
    const std::vector<std::string>& folders, const std::string& out);

}  // namespace macula::sim
