#include "sim/study/mapped_file.h"

#include <boost/interprocess/exceptions.hpp>
#include <boost/interprocess/file_mapping.hpp>
#include <filesystem>
#include <system_error>

namespace macula::sim {

tl::expected<MappedFile, std::string> MappedFile::open(const std::string& path) {
  namespace ipc = boost::interprocess;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return tl::unexpected("cannot read " + path + ": no such file");
  }
  MappedFile file;
  // Nothing can be mapped of an empty file.
  if (std::filesystem::file_size(path, error) == 0) return file;
  try {
    const ipc::file_mapping mapping(path.c_str(), ipc::read_only);
    file.region_ = ipc::mapped_region(mapping, ipc::read_only);
  } catch (const ipc::interprocess_exception& failure) {
    return tl::unexpected("cannot read " + path + ": " + failure.what());
  }
  return file;
}

}  // namespace macula::sim
