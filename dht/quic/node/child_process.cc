#include "dht/quic/node/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace macula::dht::quic {
namespace {

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

void unblock(const UniqueFd& fd) {
  static_cast<void>(::fcntl(fd.get(), F_SETFL, O_NONBLOCK));
}

// The shell starts as from a terminal: no signal blocked or ignored, a process group of its own.
bool spawn_shell(const std::string& command, int input, int output, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  sigset_t none;
  sigset_t defaults;
  ::sigemptyset(&none);
  ::sigemptyset(&defaults);
  for (const int number : {SIGPIPE, SIGXFSZ}) ::sigaddset(&defaults, number);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(
      &attributes,
      static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP));
  std::string shell = "/bin/sh";
  std::string flag = "-c";
  std::string text = command;
  std::array<char*, 4> arguments{shell.data(), flag.data(), text.data(), nullptr};
  const int error =
      ::posix_spawn(&pid, shell.c_str(), &actions, &attributes, arguments.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  errno = error;
  return error == 0;
}

}  // namespace

tl::expected<std::unique_ptr<ChildProcess>, std::string> ChildProcess::start(
    Loop& loop, const std::string& command, std::string input, const ChildLimits& limits,
    Done done) {
  std::unique_ptr<ChildProcess> child(new ChildProcess(loop, limits, std::move(done)));
  child->to_write_ = std::move(input);
  if (!child->spawn(command) || !child->watch_all()) {
    return tl::unexpected("cannot run a command: " + std::generic_category().message(errno));
  }
  return child;
}

ChildProcess::ChildProcess(Loop& loop, const ChildLimits& limits, Done done)
    : loop_(loop), limits_(limits), done_(std::move(done)) {}

ChildProcess::~ChildProcess() {
  if (deadline_) loop_.cancel(*deadline_);
  forget(process_watch_);
  forget(input_watch_);
  forget(output_watch_);
  if (pid_ <= 0) return;
  ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool ChildProcess::spawn(const std::string& command) {
  auto in = make_pipe();
  auto out = make_pipe();
  if (!in || !out) return false;
  if (!spawn_shell(command, in->read_end.get(), out->write_end.get(), pid_)) return false;
  process_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  input_ = std::move(in->write_end);
  output_ = std::move(out->read_end);
  unblock(input_);
  unblock(output_);
  return static_cast<bool>(process_);
}

bool ChildProcess::watch_all() {
  process_watch_ = loop_.watch(process_.get(), EPOLLIN, [this](std::uint32_t) { on_exit(); });
  input_watch_ = loop_.watch(input_.get(), EPOLLOUT, [this](std::uint32_t) { write_input(); });
  output_watch_ = loop_.watch(output_.get(), EPOLLIN, [this](std::uint32_t) { read_output(); });
  deadline_ =
      loop_.at(loop_.now() + limits_.time, [this] { kill_group(ChildEnd::Cause::too_long); });
  return process_watch_ && input_watch_ && output_watch_;
}

void ChildProcess::write_input() {
  while (written_ < to_write_.size()) {
    const ssize_t count =
        ::write(input_.get(), to_write_.data() + written_, to_write_.size() - written_);
    if (count < 0 && errno == EAGAIN) return;
    if (count < 0) break;  // it reads no more
    written_ += static_cast<std::size_t>(count);
  }
  forget(input_watch_);
  input_.reset();
}

void ChildProcess::read_output() {
  std::array<char, 16 << 10> chunk{};
  for (;;) {
    const ssize_t count = ::read(output_.get(), chunk.data(), chunk.size());
    if (count < 0) return;
    if (count == 0) {
      forget(output_watch_);
      return;
    }
    if (end_.output.size() + static_cast<std::size_t>(count) > limits_.output_bytes) {
      forget(output_watch_);
      kill_group(ChildEnd::Cause::too_much);
      return;
    }
    end_.output.append(chunk.data(), static_cast<std::size_t>(count));
  }
}

void ChildProcess::kill_group(ChildEnd::Cause cause) {
  if (killed_for_) return;
  killed_for_ = cause;
  ::kill(-pid_, SIGKILL);
}

void ChildProcess::on_exit() {
  if (output_watch_) read_output();
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED);
  // Descendants that it left behind would hold on to what is ours.
  ::kill(-pid_, SIGKILL);
  pid_ = -1;
  end_.status = info.si_status;
  end_.cause = killed_for_.value_or(info.si_code == CLD_EXITED ? ChildEnd::Cause::exited
                                                               : ChildEnd::Cause::killed);
  forget(process_watch_);
  forget(input_watch_);
  forget(output_watch_);
  loop_.cancel(*deadline_);
  const Done done = std::move(done_);
  ChildEnd end = std::move(end_);
  done(end);
}

void ChildProcess::forget(std::optional<Loop::WatchId>& watch) {
  if (watch) loop_.forget(*watch);
  watch.reset();
}

}  // namespace macula::dht::quic
