#include "sim/study/merge.h"

#include <fmt/format.h>

#include <filesystem>
#include <iterator>
#include <map>
#include <system_error>

#include "sim/file/files.h"
#include "sim/study/sealed.h"
#include "sim/study/store.h"
#include "sim/study/store_contents.h"

namespace macula::sim {
namespace {

namespace fs = std::filesystem;
using Error = tl::unexpected<std::string>;

class Merging {
 public:
  // The error; empty: there is none.
  std::string add(const std::string& folder) {
    auto contents = read_store(folder);
    if (!contents) return contents.error();
    if (const std::string differs = program_.add(contents->program, folder); !differs.empty()) {
      return fmt::format("{} comes from {}: results of several programs are not merged", folder,
                         differs);
    }
    for (const std::string& file : contents->files) {
      const std::string path = folder + "/" + file;
      const auto [other, fresh] = paths_.emplace(file, path);
      if (fresh) continue;
      const auto text = read_file(path, kSealedBytesMax);
      const auto twin = read_file(other->second, kSealedBytesMax);
      if (!text || !twin || *text != *twin) {
        return conflict_ =
                   fmt::format("{} and {} are one unit with two results: it is not repeatable",
                               other->second, path);
      }
    }
    for (StoredRun& run : contents->runs) runs_[unit_name(run.unit)] = std::move(run);
    asked_.insert(asked_.end(), std::make_move_iterator(contents->asked.begin()),
                  std::make_move_iterator(contents->asked.end()));
    return {};
  }

  std::string write(const std::string& out) const {
    std::string wrong = make_store_folders(out);
    if (!wrong.empty()) return wrong;
    for (const auto& [file, path] : paths_) {
      const fs::path to = fs::path(out) / file;
      if (path == out + "/" + file) continue;
      const auto text = read_file(path, kSealedBytesMax);
      if (!text) return path + ": " + text.error();
      wrong = write_whole(to.parent_path().string(), to.filename().string(), *text);
      if (!wrong.empty()) return wrong;
    }
    return {};
  }

  [[nodiscard]] const std::string& conflict() const { return conflict_; }
  [[nodiscard]] Merged merged() const {
    std::vector<StoredRun> runs;
    runs.reserve(runs_.size());
    for (const auto& [name, run] : runs_) runs.push_back(run);
    return {runs.size(), missing_of(asked_, runs), {}};
  }

 private:
  OneProgram program_;
  std::string conflict_;
  std::map<std::string, std::string> paths_;  // by path below the store's folder
  std::map<std::string, StoredRun> runs_;     // by name
  std::vector<Asked> asked_;
};

}  // namespace

tl::expected<Merged, std::string> merge_stores(const std::vector<std::string>& folders,
                                               const std::string& out) {
  Merging merging;
  std::vector<std::string> all = folders;
  std::error_code error;
  if (fs::exists(fs::path(out) / kUnitsFolder, error)) all.push_back(out);
  for (const std::string& folder : all) {
    std::string wrong = merging.add(folder);
    if (!merging.conflict().empty()) return Merged{0, {}, merging.conflict()};
    if (!wrong.empty()) return Error(std::move(wrong));
  }
  if (std::string wrong = merging.write(out); !wrong.empty()) return Error(std::move(wrong));
  return merging.merged();
}

}  // namespace macula::sim
