// Where two runs part: the first line of their traces (sim/run/trace.h) that differs, and those
// around it.
//
//   const auto a = MappedFile::open("a/trace.jsonl");
//   const auto b = MappedFile::open("b/trace.jsonl");
//   if (const auto parting = first_parting(a->text(), b->text(), 5)) ...
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace macula::sim {

// Lines point into the texts, without their ends.
struct Parting {
  std::vector<std::string_view> before;  // the last ones that both have
  std::vector<std::string_view> a;       // from the first one that differs; empty: it has no more
  std::vector<std::string_view> b;
};

// Each has at most so many lines. Nothing: the texts are the same.
[[nodiscard]] std::optional<Parting> first_parting(std::string_view a, std::string_view b,
                                                   std::size_t around);

// Why a trace does not show all of its run: it was filtered or cut off. Empty: it does. Only its
// last line is looked at.
[[nodiscard]] std::string trace_fault(std::string_view trace);

}  // namespace macula::sim
