// A fresh folder, gone with this object, and texts in it.
//
//   TempFolder folder;
//   folder.write("a.toml", text);
//   read_text(folder.path("r.json"));
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace macula {

inline void write_text(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// Nothing where there is no file, or no plain one: others may have no end.
[[nodiscard]] inline std::string read_text(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) return {};
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class TempFolder {
 public:
  TempFolder() {
    root_ = testing::TempDir() + "macula-XXXXXX";
    if (mkdtemp(root_.data()) == nullptr) std::abort();
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  [[nodiscard]] std::string path(const std::string& name = "") const { return root_ + "/" + name; }
  // Returns the path.
  std::string write(const std::string& name, const std::string& text) const {
    write_text(path(name), text);
    return path(name);
  }

 private:
  std::string root_;
};

}  // namespace macula
