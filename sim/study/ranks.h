// The processes of one `mpirun`, as ranks that send texts to one another.
//
//   auto ranks = join_ranks();
//   if (!ranks) return bad_input(ranks.error());   // this build has no MPI
//   (*ranks)->send(0, "hello");
//
// MPI is in a module of its own (sim/mpi), which is loaded when it is asked for: no other start of
// the program pays for it, and it builds without.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>

namespace macula::sim {

struct RankMessage {
  int from = 0;
  std::string text;
};

class Ranks {
 public:
  // Waits until all ranks have come to this.
  virtual ~Ranks() = default;

  [[nodiscard]] virtual int self() const = 0;
  [[nodiscard]] virtual int count() const = 0;
  // These are called by one thread at a time. MPI ends all ranks where one is gone.
  virtual void send(int to, const std::string& text) = 0;
  // Nothing: no message has come.
  [[nodiscard]] virtual std::optional<RankMessage> receive() = 0;
};

// The function that the module has under the name kRanksEntry.
using MakeRanks = Ranks* (*)();
inline constexpr const char* kRanksEntry = "macula_make_ranks";
inline constexpr const char* kRanksModule =
    "macula-mpi.so";  // where the program is, or ../lib/macula-sim

// Once. Without mpirun there is one rank. The error, for a person: the module is not there, or
// cannot be loaded.
[[nodiscard]] tl::expected<std::unique_ptr<Ranks>, std::string> join_ranks();

}  // namespace macula::sim
