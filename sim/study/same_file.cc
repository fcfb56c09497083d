#include "sim/study/same_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <system_error>

namespace macula::sim {
namespace {

// The same text for the same file; empty for what is no regular file.
std::string identity(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0) {
    if (!S_ISREG(status.st_mode)) return {};
    return fmt::format("{}:{}", status.st_dev, status.st_ino);
  }
  std::error_code error;
  const std::filesystem::path canonical =
      std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
  return error ? path : canonical.string();
}

}  // namespace

std::string clash(const std::vector<std::pair<std::string, std::string>>& outputs,
                  const std::vector<std::string>& inputs) {
  std::map<std::string, std::string> inputs_by_identity;
  for (const std::string& path : inputs) inputs_by_identity.emplace(identity(path), path);
  std::map<std::string, std::string> outputs_by_identity;
  for (const auto& [what, path] : outputs) {
    if (path == "-") continue;
    const std::string same = identity(path);
    if (same.empty()) continue;
    if (const auto input = inputs_by_identity.find(same); input != inputs_by_identity.end()) {
      return fmt::format("{} {} would write over {}, which is read", what, path, input->second);
    }
    const auto [other, fresh] = outputs_by_identity.emplace(same, what);
    if (!fresh)
      return fmt::format("{} is named for two outputs, {} and {}", path, other->second, what);
  }
  return {};
}

}  // namespace macula::sim
