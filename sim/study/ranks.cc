#include "sim/study/ranks.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstring>
#include <filesystem>
#include <system_error>

namespace macula::sim {
namespace {

namespace fs = std::filesystem;

// Empty: it is nowhere.
std::string module_path() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const fs::path folder = program.parent_path();
  for (const fs::path& path :
       {folder / kRanksModule, folder.parent_path() / "lib" / "macula-sim" / kRanksModule}) {
    if (fs::exists(path, error)) return path.string();
  }
  return {};
}

}  // namespace

tl::expected<std::unique_ptr<Ranks>, std::string> join_ranks() {
  constexpr const char* kInstall = "libopenmpi-dev, openmpi-bin and libboost-mpi-dev";
  const std::string path = module_path();
  if (path.empty()) {
    return tl::unexpected(
        fmt::format("this program was built without MPI: install {}, and build it anew", kInstall));
  }
  // Plugins of Open MPI look for its symbols among those of the program.
  void* const module = dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (module == nullptr) {
    return tl::unexpected(fmt::format("cannot load MPI: {}: install {}",
                                      dlerror(),  // NOLINT(concurrency-mt-unsafe)
                                      kInstall));
  }
  void* const entry = dlsym(module, kRanksEntry);
  if (entry == nullptr) return tl::unexpected(path + " is no module of this program");
  MakeRanks make = nullptr;
  static_assert(sizeof make == sizeof entry);
  std::memcpy(&make, &entry, sizeof make);
  return std::unique_ptr<Ranks>(make());
}

}  // namespace macula::sim
