// The listing of a store, a line for each scenario: ten thousand results in under a second, since
// only the hash of each file is checked, and only the listed fields are read.
//
//   auto listing = list_store("results");   // or which file is wrong, and why
//   for (const std::string& line : listing->table()) std::cout << line << '\n';
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace macula::sim {

// The beginning of a stored result.
struct StoredHeading {
  std::string program;  // "0.1.0 (1a2b3c)"
  std::string scenario;
  std::string world;
  std::string verdict;
  std::uint64_t seed = 0;
};

// The error, for a person, says how the text is no result of this schema, or was altered.
[[nodiscard]] tl::expected<StoredHeading, std::string> read_heading(std::string_view text);

class StoreListing {
 public:
  void add(const StoredHeading& heading);
  // In order of scenario, world, program: runs by verdict, and the seeds.
  [[nodiscard]] std::vector<std::string> table() const;

 private:
  struct Row {
    std::map<std::string, std::uint64_t> verdicts;
    std::vector<std::uint64_t> seeds;
  };
  std::map<std::vector<std::string>, Row> rows_;  // by scenario, world, program
};

// Whether a folder looks like a store; else it may be one of scenarios.
[[nodiscard]] bool is_store(const std::string& folder);
[[nodiscard]] tl::expected<StoreListing, std::string> list_store(const std::string& folder);

}  // namespace macula::sim
