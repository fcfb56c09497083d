#include "sim/study/store_contents.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <tuple>

#include "base/text/printable.h"
#include "sim/file/files.h"
#include "sim/study/sealed.h"
#include "sim/study/store.h"

namespace macula::sim {
namespace {

namespace fs = std::filesystem;
using Error = tl::unexpected<std::string>;
constexpr std::size_t kRangesShown = 20;

std::string place(const std::string& path, const std::string& wrong) {
  return path + ": " + wrong;
}

// The error; empty: there is none.
std::string take(OneProgram& programs, const Provenance& program, const std::string& path) {
  const std::string differs = programs.add(program, path);
  if (differs.empty()) return {};
  return place(
      path,
      fmt::format("it comes from {}: results of several programs do not belong together", differs));
}

}  // namespace

std::string ranges_text(const std::vector<std::uint64_t>& seeds) {
  std::string text;
  std::size_t ranges = 0;
  for (std::size_t i = 0; i < seeds.size();) {
    std::size_t end = i;
    while (end + 1 < seeds.size() && seeds[end + 1] == seeds[end] + 1) ++end;
    if (ranges++ == kRangesShown) {
      return text + fmt::format(" and {} more", seeds.size() - i);
    }
    if (i != 0) text += ", ";
    text += std::to_string(seeds[i]);
    if (end != i) text += fmt::format(" to {}", seeds[end]);
    i = end + 1;
  }
  return text;
}

std::string OneProgram::add(const Provenance& program, const std::string& from) {
  if (!program_) {
    program_ = program;
    first_ = from;
  }
  if (*program_ == program) return {};
  return printable(
      fmt::format("macula-sim {}, fates {}, but {} from {}, fates {}", program_text(program),
                  program.fates_version, first_, program_text(*program_), program_->fates_version),
      Lines::one);
}

tl::expected<std::vector<std::string>, std::string> files_of_store(const std::string& folder) {
  std::vector<std::string> files;
  for (const char* part : {kAskedFolder, kUnitsFolder}) {
    const fs::path path = fs::path(folder) / part;
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      return Error(fmt::format("{} is no store: it has no folder {}", folder, part));
    }
    for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
      const std::string name = at->path().filename().string();
      if (!name.empty() && name.front() == '.') continue;
      std::error_code ignored;
      if (at->path().extension() != ".json" || !at->is_regular_file(ignored)) {
        return Error(place(at->path().string(), "it is no file of a store"));
      }
      files.push_back(std::string(part) + "/" + name);
    }
    if (error) return Error(place(path.string(), error.message()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

tl::expected<StoreContents, std::string> read_store(const std::string& folder,
                                                    const SeePictures& see) {
  auto files = files_of_store(folder);
  if (!files) return Error(files.error());
  if (files->empty()) return Error(folder + ": there is nothing in this store");
  StoreContents contents;
  contents.files = std::move(*files);
  OneProgram program;
  for (const std::string& file : contents.files) {
    const std::string path = folder + "/" + file;
    const auto text = read_file(path, kSealedBytesMax);
    if (!text) return Error(place(path, text.error()));
    std::string wrong;
    if (file.rfind(kAskedFolder, 0) == 0) {
      auto asked = read_asked(*text);
      if (!asked) return Error(place(path, asked.error()));
      wrong = take(program, asked->program, path);
      contents.asked.push_back(std::move(*asked));
    } else {
      auto stored = read_stored(*text);
      if (!stored) return Error(place(path, stored.error()));
      wrong = take(program, stored->unit.program, path);
      const std::string own = unit_path(folder, stored->unit);
      if (own != path) return Error(place(path, "it belongs into " + own));
      if (see && wrong.empty()) see(*stored);
      stored->result.timeline.reset();
      stored->result.histograms.clear();
      contents.runs.push_back(std::move(*stored));
    }
    if (!wrong.empty()) return Error(std::move(wrong));
  }
  contents.program = program.program();
  std::sort(contents.runs.begin(), contents.runs.end(), [](const StoredRun& a, const StoredRun& b) {
    return std::tie(a.result.scenario, a.result.world, a.result.hash, a.result.seed) <
           std::tie(b.result.scenario, b.result.world, b.result.hash, b.result.seed);
  });
  return contents;
}

std::vector<std::string> missing_of(const std::vector<Asked>& asked,
                                    const std::vector<StoredRun>& runs) {
  using Key = std::tuple<std::string, std::string, std::uint64_t>;
  std::map<Key, std::set<std::uint64_t>> there;
  for (const StoredRun& run : runs) {
    there[{run.result.scenario, run.result.world, run.result.hash}].insert(run.result.seed);
  }
  std::map<Key, std::set<std::uint64_t>> lacking;
  for (const Asked& each : asked) {
    for (const AskedRuns& wanted : each.runs) {
      const Key key{wanted.scenario, wanted.world, wanted.scenario_hash};
      const std::set<std::uint64_t>& have = there[key];
      const std::uint64_t count = wanted.seeds.last - wanted.seeds.first + 1;
      for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t seed = wanted.seeds.first + i;
        if (have.count(seed) == 0) lacking[key].insert(seed);
      }
    }
  }
  std::vector<std::string> lines;
  for (const auto& [key, seeds] : lacking) {
    const std::vector<std::uint64_t> list(seeds.begin(), seeds.end());
    lines.push_back(fmt::format("{}: {} {}", printable(std::get<0>(key), Lines::one),
                                list.size() == 1 ? "seed" : "seeds", ranges_text(list)));
  }
  return lines;
}

}  // namespace macula::sim
