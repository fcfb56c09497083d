// A file that a command writes when its work is done: opened before the work begins, so that no
// hours are lost to a path that cannot be written.
//
//   auto file = OutputFile::open("results.json");   // what stands there stays
//   if (!file) return bad_input(file.error());
//   work();
//   (*file)->begin() << text;                       // now it goes
//   if (std::string wrong = (*file)->close(); !wrong.empty()) return bad_input(wrong);
#pragma once

#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace macula::sim {

// As the name of a file: the standard output.
inline constexpr std::string_view kStandardOutput = "-";

class OutputFile {
 public:
  OutputFile() = default;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  // A file that was not there before and was not begun is not there afterwards.
  ~OutputFile();

  // Nothing for an empty path. The error says which path cannot be written, and why.
  [[nodiscard]] static tl::expected<std::unique_ptr<OutputFile>, std::string> open(
      const std::string& path);

  // Empties the file; what it is written to lives as long as this object.
  std::ostream& begin();
  // "cannot write r.json"; empty: all is written. For the standard output its owner asks.
  [[nodiscard]] std::string close();

 private:
  std::string path_;
  bool made_ = false;     // it was not there, and is not begun
  std::ofstream stream_;  // not open where the path is "-"
};

}  // namespace macula::sim
