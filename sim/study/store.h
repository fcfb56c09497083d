// The store of a campaign, in the folder of --out: units/NAME.json, a file for each unit, and
// asked/NAME.json, what was asked for. Each file is whole or not there: it is written under another
// name and renamed. Several programs may write to one store at a time.
//
//   auto store = Store::open("results", batch, "virtual", shard);
//   if (auto result = store->get(unit); *result) ...   // nothing: it is still to be run
//   store->put(unit, outcome.result);
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "sim/study/batch.h"
#include "sim/study/shard.h"
#include "sim/study/stored_run.h"

namespace macula::sim {

inline constexpr const char* kUnitsFolder = "units";
inline constexpr const char* kAskedFolder = "asked";

class Store {
 public:
  // Makes the folders, writes down what is asked for, and takes away what a killed program left
  // half written of this shard's units. The error says what cannot be written, or that the store is
  // another program's.
  [[nodiscard]] static tl::expected<Store, std::string> open(const std::string& folder,
                                                             const Batch& batch,
                                                             std::string_view world,
                                                             const Shard& shard);

  // Nothing: it is not there. The error names the file and says what is wrong with it.
  [[nodiscard]] tl::expected<std::optional<RunResult>, std::string> get(const Unit& unit) const;
  // The error says what cannot be written; empty: it is there. Safe on several threads.
  [[nodiscard]] std::string put(const Unit& unit, const RunResult& result) const;

 private:
  std::string folder_;
};

// Makes the folders of a store. The error; empty: they are there.
[[nodiscard]] std::string make_store_folders(const std::string& folder);

// The path of a unit's file in a store.
[[nodiscard]] std::string unit_path(const std::string& folder, const Unit& unit);

// Writes a file as a whole: after a kill at any instant it is there, or what was there before. The
// error is for a person; empty: it is written.
[[nodiscard]] std::string write_whole(const std::string& folder, const std::string& name,
                                      std::string_view text);

}  // namespace macula::sim
