#include "sim/study/merge.h"

#include <fmt/format.h>

#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
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
  // What is wrong; empty: nothing.
  std::string add(const std::string& folder) {
    auto contents = read_store(folder);
    if (!contents) return contents.error();
    if (!program_) {
      program_ = contents->program;
      first_ = folder;
    } else if (!(*program_ == contents->program)) {
      return fmt::format(
          "{} comes from macula-sim {}, fates {}, but {} from {}, fates {}: results "
          "of several programs are not merged",
          folder, program_text(contents->program), contents->program.fates_version, first_,
          program_text(*program_), program_->fates_version);
    }
    const auto files = files_of_store(folder);
    if (!files) return files.error();
    for (const std::string& file : *files) {
      const std::string path = folder + "/" + file;
      const auto [other, fresh] = paths_.emplace(file, path);
      if (fresh) continue;
      const auto text = read_file(path, kSealedBytesMax);
      const auto twin = read_file(other->second, kSealedBytesMax);
      if (!text || !twin || *text != *twin) {
        return fmt::format("{} and {} are one unit with two results: it is not repeatable",
                           other->second, path);
      }
    }
    for (StoredRun& run : contents->runs) runs_[unit_name(run.unit)] = std::move(run);
    asked_.insert(asked_.end(), std::make_move_iterator(contents->asked.begin()),
                  std::make_move_iterator(contents->asked.end()));
    return {};
  }

  std::string write(const std::string& out) const {
    for (const char* part : {kUnitsFolder, kAskedFolder}) {
      std::error_code error;
      fs::create_directories(fs::path(out) / part, error);
      if (error)
        return fmt::format("cannot create the folder {}/{}: {}", out, part, error.message());
    }
    for (const auto& [file, path] : paths_) {
      const fs::path to = fs::path(out) / file;
      if (path == out + "/" + file) continue;
      const auto text = read_file(path, kSealedBytesMax);
      if (!text) return path + ": " + text.error();
      std::string wrong = write_whole(to.parent_path().string(), to.filename().string(), *text);
      if (!wrong.empty()) return wrong;
    }
    return {};
  }

  [[nodiscard]] Merged merged() const {
    std::vector<StoredRun> runs;
    runs.reserve(runs_.size());
    for (const auto& [name, run] : runs_) runs.push_back(run);
    return {runs.size(), missing_of(asked_, runs)};
  }

 private:
  std::optional<Provenance> program_;
  std::string first_;
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
    if (std::string wrong = merging.add(folder); !wrong.empty()) return Error(std::move(wrong));
  }
  if (std::string wrong = merging.write(out); !wrong.empty()) return Error(std::move(wrong));
  return merging.merged();
}

}  // namespace macula::sim
