#include "sim/study/out_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <system_error>

namespace macula::sim {
namespace {

constexpr std::size_t kLongestName = 100;

// Scenario names come from files: as the name of a folder they must not lead elsewhere.
std::string folder_name(const std::string& scenario, std::uint64_t seed) {
  std::string name = scenario.substr(0, kLongestName);
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.';
    if (!plain) c = '_';
  }
  if (name.empty() || name.front() == '.') name = "_" + name;
  return fmt::format("{}-{}", name, seed);
}

}  // namespace

tl::expected<OutFolder, std::string> OutFolder::create(
    const std::string& path, const std::vector<std::pair<std::string, std::uint64_t>>& runs,
    const Shard& shard) {
  OutFolder out;
  std::set<std::string> taken;
  for (const auto& [scenario, seed] : runs) {
    const std::string name = folder_name(scenario, seed);
    std::string free_name = name;
    for (int n = 2; !taken.insert(free_name).second; ++n) free_name = fmt::format("{}-{}", name, n);
    const std::string folder = path + "/" + free_name;
    out.folders_.push_back(folder);
    if (!shard.has(out.folders_.size() - 1)) continue;
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
      return tl::unexpected(
          fmt::format("cannot create the folder {}: {}", folder, error.message()));
    }
    if (access(folder.c_str(), W_OK | X_OK) != 0) {
      return tl::unexpected(fmt::format("cannot write to the folder {}", folder));
    }
  }
  return out;
}

}  // namespace macula::sim
