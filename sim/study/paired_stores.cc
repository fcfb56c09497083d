#include "sim/study/paired_stores.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "base/text/printable.h"
#include "sim/study/store_contents.h"
#include "sim/study/text.h"

namespace macula::sim {
namespace {

using Error = tl::unexpected<std::string>;
using Name = std::pair<std::string, std::string>;                  // of a scenario and its world
using Settings = std::map<std::uint64_t, std::vector<RunResult>>;  // by hash, in order of seeds

struct Side {
  std::string folder;
  Provenance program;
  std::map<Name, Settings> scenarios;
};

std::string shown(const Name& name) {
  return printable(name.first, Lines::one) +
         (name.second == "virtual" ? "" : " in the world " + printable(name.second, Lines::one));
}

tl::expected<Side, std::string> read_side(const std::string& folder) {
  auto contents = read_store(folder);
  if (!contents) return Error(contents.error());
  if (contents->runs.empty()) return Error(folder + ": there are no results in this store");
  const auto missing = missing_of(contents->asked, contents->runs);
  if (!missing.empty()) return Error(fmt::format("{} is not whole: {}", folder, missing.front()));
  Side side{folder, contents->program, {}};
  for (StoredRun& run : contents->runs) {
    const Name name{run.result.scenario, run.result.world};
    side.scenarios[name][run.result.hash].push_back(std::move(run.result));
  }
  return side;
}

class Pairing {
 public:
  Pairing(Side a, Side b) : a_(std::move(a)), b_(std::move(b)) {}

  tl::expected<PairedStores, std::string> pair() {
    if (a_.program.fates_version != b_.program.fates_version) {
      return Error(fmt::format("{} has fates {}, and {} fates {}: the same seed is no pair",
                               a_.folder, a_.program.fates_version, b_.folder,
                               b_.program.fates_version));
    }
    PairedStores paired{a_.program, b_.program, {}};
    for (const auto* side : {&a_, &b_}) {
      const Side& other = side == &a_ ? b_ : a_;
      for (const auto& [name, settings] : side->scenarios) {
        if (other.scenarios.count(name) != 0) continue;
        return Error(
            fmt::format("{} has {}, and {} has not", side->folder, shown(name), other.folder));
      }
    }
    for (auto& [name, of_a] : a_.scenarios) {
      Settings& of_b = b_.scenarios.at(name);
      const bool one = of_a.size() == 1 && of_b.size() == 1;
      if (!one && !same_keys(of_a, of_b)) {
        return Error(fmt::format("{} and {} have {} with several settings, and not the same ones",
                                 a_.folder, b_.folder, shown(name)));
      }
      auto at_b = of_b.begin();
      for (auto& [hash, runs] : of_a) {
        if (std::string wrong = seeds_differ(runs, at_b->second); !wrong.empty()) {
          return Error(shown(name) + ": " + wrong);
        }
        paired.pairs.push_back(
            {name.first, std::move(runs), std::move(at_b->second), hash == at_b->first});
        if (!one) paired.pairs.back().scenario += " " + digest_text(hash);
        ++at_b;
      }
    }
    return paired;
  }

 private:
  static bool same_keys(const Settings& a, const Settings& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const auto& x, const auto& y) { return x.first == y.first; });
  }

  // Which seed one side lacks; empty: none.
  [[nodiscard]] std::string seeds_differ(const std::vector<RunResult>& a,
                                         const std::vector<RunResult>& b) const {
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
      if (i < a.size() && i < b.size() && a[i].seed == b[i].seed) continue;
      const bool b_lacks = i >= b.size() || (i < a.size() && a[i].seed < b[i].seed);
      return fmt::format("{} has no seed {}", b_lacks ? b_.folder : a_.folder,
                         b_lacks ? a[i].seed : b[i].seed);
    }
    return {};
  }

  Side a_;
  Side b_;
};

}  // namespace

tl::expected<PairedStores, std::string> pair_stores(const std::string& folder_a,
                                                    const std::string& folder_b) {
  auto a = read_side(folder_a);
  if (!a) return Error(a.error());
  auto b = read_side(folder_b);
  if (!b) return Error(b.error());
  return Pairing(std::move(*a), std::move(*b)).pair();
}

}  // namespace macula::sim
