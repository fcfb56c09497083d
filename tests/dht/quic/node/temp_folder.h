// A fresh folder, gone with this object.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace macula::dht::quic {

class TempFolder {
 public:
  TempFolder() {
    root_ = testing::TempDir() + "macula-node-XXXXXX";
    if (mkdtemp(root_.data()) == nullptr) std::abort();
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  [[nodiscard]] std::string path(const std::string& name = "") const { return root_ + "/" + name; }

 private:
  std::string root_;
};

// Nothing where there is no file, or no plain one: others may have no end.
[[nodiscard]] inline std::string read_text(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) return {};
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

inline void write_text(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace macula::dht::quic
