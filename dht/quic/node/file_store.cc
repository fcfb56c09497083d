#include "dht/quic/node/file_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace macula::dht::quic {
namespace {

using Error = tl::unexpected<std::string>;

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

Error failed(const std::string& name, const char* what) {
  return Error(fmt::format("{}: {}: {}", name, what, std::generic_category().message(errno)));
}

tl::expected<void, std::string> check_private(const std::string& name, const struct stat& status,
                                              const char* mode) {
  if (status.st_uid != ::geteuid()) return Error(name + ": belongs to another user");
  if ((status.st_mode & kOthers) != 0) {
    return Error(fmt::format("{0}: open to others (mode {1:03o}); 'chmod {2} {0}' closes it", name,
                             status.st_mode & 0777, mode));
  }
  return {};
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// A file's new name is on the disk once its folder is.
bool sync_folder_of(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd && ::fsync(fd.get()) == 0;
}

}  // namespace

tl::expected<void, std::string> make_private_folder(const std::string& folder) {
  if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return failed(folder, "cannot make the folder");
  }
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) return failed(folder, "cannot be read");
  if (!S_ISDIR(status.st_mode)) return Error(folder + ": is no folder");
  return check_private(folder, status, "700");
}

tl::expected<UniqueFd, std::string> lock_private_file(const std::string& file) {
  const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  UniqueFd fd(::open(file.c_str(), flags, S_IRUSR | S_IWUSR));
  if (!fd) return failed(file, "cannot be opened");
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno == EWOULDBLOCK) return Error(file + ": is held by another macula-node that runs");
  return failed(file, "cannot be locked");
}

tl::expected<std::string, std::string> set_aside(const std::string& file) {
  const std::string aside = file + ".damaged";
  std::error_code error;
  std::filesystem::remove_all(aside, error);
  if (::rename(file.c_str(), aside.c_str()) != 0) return failed(file, "cannot be moved");
  return aside;
}

tl::expected<void, std::string> write_private_file(const std::string& file, std::string_view text) {
  const std::string draft = file + ".new";
  // A file that a crash has left behind may have any mode: the new one starts afresh.
  ::unlink(draft.c_str());
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
  UniqueFd fd(::open(draft.c_str(), flags, S_IRUSR | S_IWUSR));
  if (!fd) return failed(draft, "cannot be written");
  if (!write_all(fd.get(), text) || ::fsync(fd.get()) != 0) {
    auto error = failed(draft, "cannot be written");
    ::unlink(draft.c_str());
    return error;
  }
  fd.reset();
  if (::rename(draft.c_str(), file.c_str()) != 0) return failed(file, "cannot be replaced");
  if (!sync_folder_of(file)) return failed(file, "its folder cannot be brought to the disk");
  return {};
}

tl::expected<std::optional<std::string>, std::string> read_private_file(const std::string& file,
                                                                        std::size_t limit) {
  // Never waits for the writer of a pipe: that is refused below.
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd && errno == ENOENT) return std::nullopt;
  if (!fd) return failed(file, "cannot be read");
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return failed(file, "cannot be read");
  if (!S_ISREG(status.st_mode)) return Error(file + ": is no plain file");
  if (auto checked = check_private(file, status, "600"); !checked) return Error(checked.error());
  std::string text(limit + 1, '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t count = ::read(fd.get(), text.data() + filled, text.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(file, "cannot be read");
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  if (filled > limit) return Error(fmt::format("{}: longer than {} bytes", file, limit));
  text.resize(filled);
  return text;
}

}  // namespace macula::dht::quic
