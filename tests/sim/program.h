// Runs `macula-sim` as a user does, and a folder for its files.
//
//   TempFolder folder;
//   folder.write("a.toml", text);
//   Output output = run_program({"run", folder.path("a.toml")});
#pragma once

#include <string>
#include <vector>

namespace macula::sim {

struct Output {
  int code = -1;  // exit code; -1 where a signal ended it
  std::string out;
  std::string err;
};

[[nodiscard]] Output run_program(const std::vector<std::string>& arguments);

// A fresh folder, gone with this object.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return root_ + "/" + name; }
  // Returns the path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::string root_;
};

// The whole file; empty where there is none.
[[nodiscard]] std::string read_text(const std::string& path);

// Two nodes that ping each other, with an expectation that holds or does not.
[[nodiscard]] std::string scenario_text(const std::string& name, bool holds);

}  // namespace macula::sim
