#include "sim/file/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>
#include <utility>

namespace macula::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilesMax = 100'000;
constexpr int kFoldersUpMax = 32;

// Why there is nothing at a path.
std::string missing(const std::error_code& error) {
  if (error == std::errc::too_many_symbolic_link_levels) {
    return "this symbolic link leads in a circle";
  }
  if (!error || error == std::errc::no_such_file_or_directory ||
      error == std::errc::not_a_directory) {
    return "no such file or folder";
  }
  return error.message();
}

// Folders and files below `folder`, links to folders not followed: they could lead in circles.
tl::expected<std::vector<std::string>, std::string> walk(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    // Editors keep their own beside a file that is open, under names that begin with a dot.
    const bool hidden = at->path().filename().string().front() == '.';
    if (hidden || at->path().extension() != ".toml") continue;
    std::error_code wrong;
    const fs::file_status status = at->status(wrong);
    if (!fs::exists(status)) {
      return tl::unexpected(fmt::format("{}: {}", at->path().filename().string(), missing(wrong)));
    }
    if (!fs::is_regular_file(status)) continue;
    files.push_back(at->path().string());
    if (files.size() > kFilesMax)
      return tl::unexpected(fmt::format("more than {} files", kFilesMax));
  }
  if (error) return tl::unexpected(error.message());
  if (files.empty()) return tl::unexpected(std::string("no scenario file (*.toml) in this folder"));
  std::sort(files.begin(), files.end());
  return files;
}

// Relative as long as it can be, for the sake of messages. The root has the root above it.
fs::path folder_above(const fs::path& folder) {
  const bool steps_up = folder.empty() || folder.filename() == "..";
  return steps_up && folder.is_relative() ? folder / ".." : folder.parent_path();
}

}  // namespace

tl::expected<std::vector<std::string>, Diagnostics> find_scenario_files(
    const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  std::set<std::string> seen;
  Diagnostics problems;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    std::vector<std::string> found{path};
    if (!fs::exists(status)) {
      problems.push_back({path, {}, missing(error), {}});
      continue;
    }
    if (fs::is_directory(status)) {
      auto below = walk(path);
      if (!below) {
        problems.push_back({path, {}, below.error(), {}});
        continue;
      }
      found = std::move(*below);
    }
    for (std::string& file : found) {
      if (seen.insert(fs::path(file).lexically_normal().string()).second) {
        files.push_back(std::move(file));
      }
    }
  }
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  return files;
}

tl::expected<std::string, std::string> read_file(const std::string& path, std::size_t bytes_max) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return tl::unexpected(missing(error));
  if (fs::is_directory(status)) return tl::unexpected(std::string("this is a folder, not a file"));
  std::ifstream in(path, std::ios::binary);
  if (!in) return tl::unexpected(std::string("the file cannot be read"));
  std::string text;
  char buffer[1 << 14];
  while (in.read(buffer, sizeof buffer) || in.gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(in.gcount()));
    if (text.size() > bytes_max) {
      return tl::unexpected(fmt::format("the file is larger than {} MiB", bytes_max >> 20));
    }
  }
  if (in.bad()) return tl::unexpected(std::string("the file cannot be read"));
  return text;
}

std::string find_beside(const std::string& scenario_path, const std::string& name) {
  std::error_code error;
  if (fs::path(name).is_absolute()) return fs::is_regular_file(name, error) ? name : std::string();
  fs::path folder = fs::path(scenario_path).lexically_normal().parent_path();
  for (int i = 0; i < kFoldersUpMax; ++i) {
    const fs::path candidate = (folder / name).lexically_normal();
    const fs::file_status status = fs::status(candidate, error);
    // A link that leads in a circle is meant, too: reading it says what is wrong.
    if (fs::is_regular_file(status) || error == std::errc::too_many_symbolic_link_levels) {
      return candidate.string();
    }
    const fs::path above = folder_above(folder);
    if (above == folder) return {};
    folder = above;
  }
  return {};
}

}  // namespace macula::sim
