#include "sim/study/scratch_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace macula::sim {
namespace {

namespace fs = std::filesystem;
using Error = tl::unexpected<std::string>;

}  // namespace

tl::expected<ScratchFolder, std::string> ScratchFolder::make() {
  std::error_code error;
  const fs::path base = fs::temp_directory_path(error);
  if (error) return Error("no folder for temporary files: " + error.message());
  std::string name = (base / "macula-sim-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    return Error(fmt::format("cannot make a folder in {}: {}", base.string(),
                             std::generic_category().message(errno)));
  }
  ScratchFolder folder;
  folder.path_ = name;
  return folder;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace macula::sim
