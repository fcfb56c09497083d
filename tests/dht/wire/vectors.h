// The frames that Macula v0.8's own encoder made, and what its decoder says of broken ones.
//
//   for (const Vector& vector : read_vectors()) ...
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/hex.h"
#include "tests/places.h"

namespace macula::dht::wire {

struct Vector {
  std::string name;      // bad_*, odd_*: made by hand; all others by the original encoder
  std::string type;      // "-" where made by hand
  std::string frame;     // bytes
  std::string expected;  // JSON, "ok:TYPE:JSON" or "error:NAME[:NUMBER]"

  [[nodiscard]] bool is_original() const { return type != "-"; }
  [[nodiscard]] bool is_refused() const {
    return std::string_view(expected).substr(0, 6) == "error:";
  }
};

inline std::vector<Vector> read_vectors() {
  std::ifstream file(std::string(source_dir()) + "/tests/dht/wire/vectors/macula-v0.8-frames.tsv");
  std::vector<Vector> vectors;
  std::string line;
  std::getline(file, line);  // names of the columns
  while (std::getline(file, line)) {
    Vector vector;
    std::string hex;
    std::istringstream columns(line);
    std::getline(columns, vector.name, '\t');
    std::getline(columns, vector.type, '\t');
    std::getline(columns, hex, '\t');
    std::getline(columns, vector.expected, '\t');
    vector.frame = from_hex(hex).value_or("not hex");
    vectors.push_back(vector);
  }
  return vectors;
}

}  // namespace macula::dht::wire
