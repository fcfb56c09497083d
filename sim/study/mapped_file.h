// A file as a text that is read where it is looked at: traces may be larger than the memory.
//
//   const auto file = MappedFile::open("trace.jsonl");
//   if (file) look(file->text());
#pragma once

#include <boost/interprocess/mapped_region.hpp>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace macula::sim {

class MappedFile {
 public:
  // A regular file. The error is for a person.
  [[nodiscard]] static tl::expected<MappedFile, std::string> open(const std::string& path);

  // As long as this object lives, and nobody cuts the file off.
  [[nodiscard]] std::string_view text() const {
    return {static_cast<const char*>(region_.get_address()), region_.get_size()};
  }

 private:
  boost::interprocess::mapped_region region_;  // none of an empty file
};

}  // namespace macula::sim
