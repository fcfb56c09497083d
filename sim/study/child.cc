#include "sim/study/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <system_error>
#include <thread>

#include "base/text/printable.h"

namespace macula::sim {
namespace {

using Error = tl::unexpected<std::string>;
constexpr std::chrono::milliseconds kLookEvery{20};
constexpr std::size_t kLinesShown = 5;
constexpr std::size_t kCharactersShown = 2000;
constexpr std::array<std::string_view, 4> kParts{"SLURM_ARRAY_TASK_", "JOB_COMPLETION_INDEX",
                                                 "CI_NODE_", "OMPI_COMM_WORLD_"};

std::string reason(int error) {
  return std::generic_category().message(error);
}

// Leaves out the variables that say which part of the work this is; they themselves stay where they
// are.
std::vector<char*> environment_without_parts() {
  std::vector<char*> kept;
  for (char** at = environ; *at != nullptr; ++at) {
    const std::string_view variable(*at);
    const bool part = std::any_of(kParts.begin(), kParts.end(), [&](std::string_view name) {
      return variable.substr(0, name.size()) == name;
    });
    if (!part) kept.push_back(*at);
  }
  kept.push_back(nullptr);
  return kept;
}

int wait_for(pid_t child, const std::function<bool()>& stop) {
  int status = 0;
  bool told = false;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (!told && stop()) {
      kill(child, SIGTERM);
      told = true;
    }
    std::this_thread::sleep_for(kLookEvery);
  }
  return status;
}

}  // namespace

tl::expected<int, std::string> run_child(const std::vector<std::string>& command,
                                         const std::string& log,
                                         const std::function<bool()>& stop) {
  std::vector<std::string> words = command;
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::vector<char*> environment = environment_without_parts();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return Error(fmt::format("cannot run {}: {}", command[0], reason(error)));
  const int status = wait_for(child, stop);
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return Error(fmt::format("{} was ended by signal {}", command[0], WTERMSIG(status)));
}

std::string last_words(const std::string& log) {
  std::ifstream in(log, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line.substr(0, kCharactersShown));
    if (lines.size() > kLinesShown) lines.erase(lines.begin());
  }
  std::string text;
  for (const std::string& line : lines) {
    text += (text.empty() ? "" : "\n") + printable(line, Lines::one);
  }
  return text;
}

}  // namespace macula::sim
