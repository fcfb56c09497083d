// A file that is written from its beginning to its end, compressed where its name says so: ".gz" by
// gzip, ".zst" by Zstandard.
//
//   PackedFile file("run.jsonl.zst");
//   file.stream() << text;
//   if (!file.close()) ...                     // it could not be written
//
// The same text gives the same bytes, on every machine that has the same libraries.
#pragma once

#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace macula::sim {

class PackedFile {
 public:
  explicit PackedFile(const std::string& path);
  ~PackedFile();
  PackedFile(const PackedFile&) = delete;
  PackedFile& operator=(const PackedFile&) = delete;

  [[nodiscard]] std::ostream& stream() { return *stream_; }
  // Whether all of it is written.
  [[nodiscard]] bool close();

 private:
  class Packer;
  class Gzip;
  class Zstandard;

  std::vector<char> buffer_;  // of the file, which outlives it
  std::ofstream file_;
  std::unique_ptr<Packer> packer_;  // none: the text goes as it is
  std::unique_ptr<std::ostream> packed_;
  std::ostream* stream_;
};

}  // namespace macula::sim
