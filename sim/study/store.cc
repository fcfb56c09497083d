#include "sim/study/store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>

#include "sim/file/files.h"
#include "sim/study/asked.h"
#include "sim/study/sealed.h"
#include "sim/study/store_contents.h"

namespace macula::sim {
namespace {

namespace fs = std::filesystem;
constexpr const char* kEnding = ".json";
constexpr mode_t kMode = 0644;
// The ending of a file that is being written: ".NAME.json.aB3dE7".
constexpr std::string_view kRandom = ".XXXXXX";

std::string reason() {
  return std::generic_category().message(errno);
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Removes the files of these names that a killed program has left. Another may be writing one just
// now: it has locked it.
void remove_leftovers(const std::string& folder, const std::set<std::string>& names) {
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string left = at->path().filename().string();
    if (left.size() <= kRandom.size() + 1 || left.front() != '.') continue;
    const std::string name = left.substr(1, left.size() - 1 - kRandom.size());
    if (names.count(name) == 0) continue;
    const int file = open(at->path().c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) continue;
    if (flock(file, LOCK_EX | LOCK_NB) == 0) unlink(at->path().c_str());
    close(file);
  }
}

// One try. Nothing: somebody took it for a leftover before it was locked.
std::optional<std::string> try_to_write(const std::string& path, std::string half,
                                        std::string_view text) {
  const int file = mkostemp(half.data(), O_CLOEXEC);
  if (file < 0) return fmt::format("cannot write {}: {}", path, reason());
  static_cast<void>(flock(file, LOCK_EX | LOCK_NB));
  std::string wrong;
  if (!write_all(file, text) || fchmod(file, kMode) != 0) wrong = reason();
  // An error that the file system finds only then is told, and the lock is kept until it has its
  // name.
  const int twin = fcntl(file, F_DUPFD_CLOEXEC, 0);
  if (wrong.empty() && (twin < 0 || close(twin) != 0)) wrong = reason();
  const bool named = wrong.empty() && std::rename(half.c_str(), path.c_str()) == 0;
  const bool gone = wrong.empty() && !named && errno == ENOENT;
  if (wrong.empty() && !named) wrong = reason();
  close(file);
  if (named) return std::string();
  unlink(half.c_str());
  if (gone) return std::nullopt;
  return fmt::format("cannot write {}: {}", path, wrong);
}

// Why the results of this program do not belong there: it has those of another. Empty: they do.
std::string other_program(const std::string& folder) {
  const auto files = files_of_store(folder);
  if (!files) return files.error();
  for (const std::string& file : *files) {
    if (file.rfind(kAskedFolder, 0) != 0) continue;
    const std::string path = folder + "/" + file;
    const auto text = read_file(path, kSealedBytesMax);
    const auto asked = text ? read_asked(*text) : tl::unexpected(text.error());
    if (!asked) return path + ": " + asked.error();
    if (asked->program == this_program()) continue;
    return fmt::format(
        "{} has results of macula-sim {}, which do not belong together with those "
        "of {}: name another folder, or remove this one",
        folder, program_text(asked->program), program_text(this_program()));
  }
  return {};
}

}  // namespace

std::string make_store_folders(const std::string& folder) {
  for (const char* part : {kUnitsFolder, kAskedFolder}) {
    const std::string path = folder + "/" + part;
    std::error_code error;
    fs::create_directories(path, error);
    if (error) return fmt::format("cannot create the folder {}: {}", path, error.message());
  }
  return {};
}

std::string unit_path(const std::string& folder, const Unit& unit) {
  return folder + "/" + kUnitsFolder + "/" + unit_name(unit) + kEnding;
}

std::string write_whole(const std::string& folder, const std::string& name, std::string_view text) {
  constexpr int kTries = 5;
  const std::string path = folder + "/" + name;
  for (int i = 0; i < kTries; ++i) {
    if (auto wrong = try_to_write(path, folder + "/." + name + std::string(kRandom), text)) {
      return *wrong;
    }
  }
  return fmt::format("cannot write {}: {}", path, std::generic_category().message(ENOENT));
}

tl::expected<Store, std::string> Store::open(const std::string& folder, const Batch& batch,
                                             std::string_view world, const Shard& shard) {
  Store store;
  store.folder_ = folder;
  std::string wrong = make_store_folders(folder);
  if (!wrong.empty()) return tl::unexpected(std::move(wrong));
  wrong = other_program(folder);
  if (!wrong.empty()) return tl::unexpected(std::move(wrong));
  const std::string asked = asked_text(asked_of(batch, world));
  const std::string name = sha256_text(asked).substr(0, unit_name({}).size()) + kEnding;
  remove_leftovers(folder + "/" + kAskedFolder, {name});
  wrong = write_whole(folder + "/" + kAskedFolder, name, asked);
  if (!wrong.empty()) return tl::unexpected(std::move(wrong));
  std::set<std::string> mine;
  for (std::size_t i = 0; i < batch.runs.size(); ++i) {
    if (!shard.has(i)) continue;
    const Run& run = batch.runs[i];
    mine.insert(unit_name(unit_of(*run.scenario, run.seed, world)) + kEnding);
  }
  remove_leftovers(folder + "/" + kUnitsFolder, mine);
  return store;
}

tl::expected<std::optional<RunResult>, std::string> Store::get(const Unit& unit) const {
  const std::string path = unit_path(folder_, unit);
  std::error_code error;
  if (!fs::exists(path, error)) return std::nullopt;
  const auto text = read_file(path, kSealedBytesMax);
  auto stored = text ? read_stored(*text) : tl::unexpected(text.error());
  if (!stored) return tl::unexpected(fmt::format("{}: {}", path, stored.error()));
  if (!(stored->unit == unit)) {
    return tl::unexpected(fmt::format("{}: it is unit {}", path, unit_name(stored->unit)));
  }
  return std::move(stored->result);
}

std::string Store::put(const Unit& unit, const RunResult& result) const {
  return write_whole(folder_ + "/" + kUnitsFolder, unit_name(unit) + kEnding,
                     stored_text(unit, result));
}

}  // namespace macula::sim
