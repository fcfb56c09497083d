// Some runs in a row of a table: how many passed, and the means of what people ask for first.
//
//   RunMeans means;
//   means.add(outcome.result);
//   means.append_to(row);   // "18 of 20", "99.9 %", "100 %", "54ms", "1.04s", "31927"
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/scenario/result.h"

namespace macula::sim {

class RunMeans {
 public:
  // The titles of its cells: passed, success, recall, the latency of lookups, messages.
  static void append_titles_to(std::vector<std::string>& row);

  void add(const RunResult& run);

  [[nodiscard]] std::uint64_t runs() const { return runs_; }
  // "-" where no run has a sample.
  void append_to(std::vector<std::string>& row) const;

 private:
  struct Mean {
    double sum = 0;
    std::uint64_t count = 0;
  };
  static constexpr std::size_t kColumns = 5;

  std::uint64_t runs_ = 0;
  std::uint64_t passed_ = 0;
  std::array<Mean, kColumns> means_{};
};

}  // namespace macula::sim
