// A file that is written from its beginning to its end, compressed where its name says so: ".gz" by
// gzip, ".zst" by Zstandard.
//
//   PackedFile file("run.jsonl.zst");
//   file.stream() << text;
//   if (!file.close()) ...                     // it could not be written
//
// The same text gives the same bytes, on every machine that has the same libraries. A thread of its
// own compresses (sim/study/write_behind.h).
#pragma once

#include <fstream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "sim/study/write_behind.h"

namespace macula::sim {

class PackedFile {
 public:
  explicit PackedFile(const std::string& path);
  ~PackedFile();
  PackedFile(const PackedFile&) = delete;
  PackedFile& operator=(const PackedFile&) = delete;

  [[nodiscard]] std::ostream& stream() { return packed_ ? *packed_ : file_; }
  // Whether all of it is written.
  [[nodiscard]] bool close();

 private:
  class Packer;
  class Gzip;
  class Zstandard;

  std::vector<char> buffer_;  // of the file, which outlives it
  std::ofstream file_;
  std::unique_ptr<Packer> packer_;  // none: the text goes as it is
  std::optional<WriteBehind> behind_;
  std::optional<std::ostream> packed_;
};

}  // namespace macula::sim
