#include "sim/study/output_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <iostream>
#include <system_error>

namespace macula::sim {

tl::expected<std::unique_ptr<OutputFile>, std::string> OutputFile::open(const std::string& path) {
  if (path.empty()) return std::unique_ptr<OutputFile>();
  auto file = std::make_unique<OutputFile>();
  file->path_ = path;
  if (path == kStandardOutput) return file;
  std::error_code error;
  file->made_ = !std::filesystem::exists(path, error);
  errno = 0;
  file->stream_.open(path, std::ios::binary | std::ios::app);
  if (!file->stream_) {
    const std::string reason = std::generic_category().message(errno);
    return tl::unexpected(fmt::format("cannot write {}: {}", path, reason));
  }
  return file;
}

OutputFile::~OutputFile() {
  if (!made_ || !stream_.is_open()) return;
  stream_.close();
  std::error_code error;
  std::filesystem::remove(path_, error);
}

std::ostream& OutputFile::begin() {
  if (path_ == kStandardOutput) return std::cout;
  made_ = false;
  stream_.close();
  stream_.open(path_, std::ios::binary | std::ios::trunc);
  return stream_;
}

std::string OutputFile::close() {
  if (path_ == kStandardOutput) return {};
  stream_.close();
  return stream_ ? std::string() : fmt::format("cannot write {}", path_);
}

}  // namespace macula::sim
