#include "base/command_line/standard_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <system_error>

namespace macula {
namespace {

bool forgone = false;

}  // namespace

void prepare_standard_streams() {
  // The lowest number that is free is given out first. Only for reading: a write fails.
  int fd = -1;
  do {
    fd = ::open("/dev/null", O_RDONLY);
  } while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd > STDERR_FILENO) ::close(fd);
  for (const int number : {SIGPIPE, SIGXFSZ}) static_cast<void>(std::signal(number, SIG_IGN));
  // std::cout writes through stdout.
  static_cast<void>(std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ));
}

bool standard_output_failed() {
  return !std::cout || std::ferror(stdout) != 0;
}

std::string flush_standard_output() {
  errno = 0;
  std::cout.flush();
  // Output of the stream may still wait here.
  const bool flushed = std::fflush(stdout) == 0;
  if (flushed && !standard_output_failed()) return {};
  std::string text = "cannot write to the standard output";
  if (errno != 0) text += ": " + std::generic_category().message(errno);
  return text;
}

void forgo_standard_output() {
  forgone = true;
}

int finish_standard_output(std::string_view program, int code) {
  const std::string wrong = flush_standard_output();
  if (wrong.empty() || forgone || code == kCannotWrite) return code;
  std::cerr << program << ": " << wrong << '\n';
  return kCannotWrite;
}

}  // namespace macula
