// All that is in a store, and what it lacks of what was asked for.
//
//   auto contents = read_store("results");   // or which file is wrong, and why
//   contents->runs;                          // in order of scenario, then seed
//   missing_of(contents->asked, contents->runs);
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/study/asked.h"
#include "sim/study/stored_run.h"

namespace macula::sim {

// Results of several programs do not belong together.
class OneProgram {
 public:
  // How it differs from the first: "macula-sim 0.2.0 (1a2b3c), fates 1, but a.json from 0.1.0
  // (4d5e6f), fates 1"; empty: it does not. `from`: where it stands.
  [[nodiscard]] std::string add(const Provenance& program, const std::string& from);
  // After the first.
  [[nodiscard]] const Provenance& program() const { return *program_; }

 private:
  std::optional<Provenance> program_;
  std::string first_;
};

struct StoreContents {
  Provenance program;              // of every file in it
  std::vector<std::string> files;  // as files_of_store() has them
  std::vector<StoredRun> runs;     // without what pictures are drawn from: for that see SeePictures
  std::vector<Asked> asked;
};

// Shown each run as it is read, with all that pictures are drawn from, which is then let go: of a
// hundred thousand runs nobody holds all of it. In order of the files.
using SeePictures = std::function<void(const StoredRun&)>;

// Every file is read and checked. A store of several programs is an error, and so is an empty one.
// There may be no runs: of a shard that has none.
[[nodiscard]] tl::expected<StoreContents, std::string> read_store(const std::string& folder,
                                                                  const SeePictures& see = {});

// The files of a store, as paths below its folder, in order: "units/NAME.json". Anything beside
// them there is an error. Files being written are not among them.
[[nodiscard]] tl::expected<std::vector<std::string>, std::string> files_of_store(
    const std::string& folder);

// "4, 7 to 9": numbers in order, of very many the first.
[[nodiscard]] std::string ranges_text(const std::vector<std::uint64_t>& seeds);

// The runs that were asked for and are not there, a line for each scenario: "heal: seeds 4, 7 to
// 9".
[[nodiscard]] std::vector<std::string> missing_of(const std::vector<Asked>& asked,
                                                  const std::vector<StoredRun>& runs);

}  // namespace macula::sim
