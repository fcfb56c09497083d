// A fresh folder, gone with this object.
//
//   auto scratch = ScratchFolder::make();
//   run_child({program, "run", file, "--out", scratch->path("a")}, log, stop);
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace macula::sim {

class ScratchFolder {
 public:
  // In TMPDIR, or /tmp. The error is for a person.
  [[nodiscard]] static tl::expected<ScratchFolder, std::string> make();
  ~ScratchFolder();
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::move(other.path_)) {
    other.path_.clear();
  }
  ScratchFolder& operator=(ScratchFolder&&) = delete;

  [[nodiscard]] std::string path(const char* name) const { return path_ + "/" + name; }

 private:
  ScratchFolder() = default;
  std::string path_;  // empty: moved from
};

}  // namespace macula::sim
