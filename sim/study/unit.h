// A unit of work: what a result depends on, all of it. Results are kept under its name, so that
// nothing is run twice and several machines may share the work (sim/study/store.h).
//
//   const Unit unit = unit_of(scenario, seed, "virtual");
//   unit_name(unit);   // 32 hexadecimal digits
#pragma once

#include <cstdint>
#include <string>

#include "sim/scenario/scenario.h"

namespace macula::sim {

// Raised when programs begin to draw otherwise: runs before and after with the same seed are no
// pair then.
inline constexpr std::uint64_t kFatesVersion = 1;

// The program that a result comes from.
struct Provenance {
  std::string version;  // "0.1.0"
  std::string commit;   // of its sources
  std::uint64_t fates_version = kFatesVersion;

  [[nodiscard]] bool operator==(const Provenance&) const = default;
};

[[nodiscard]] Provenance this_program();

// "0.1.0 (1a2b3c)", for a person.
[[nodiscard]] std::string program_text(const Provenance& program);

struct Unit {
  Provenance program;
  std::uint64_t scenario_hash = 0;  // of the resolved scenario: Scenario::hash
  std::string world;
  std::uint64_t seed = 0;

  [[nodiscard]] bool operator==(const Unit&) const = default;
};

// The unit of a run of this program.
[[nodiscard]] Unit unit_of(const Scenario& scenario, std::uint64_t seed, std::string_view world);

// The first half of the SHA-256 of all of it, in hexadecimal digits.
[[nodiscard]] std::string unit_name(const Unit& unit);

// SHA-256 in 64 hexadecimal digits.
[[nodiscard]] std::string sha256_text(std::string_view bytes);

}  // namespace macula::sim
