// One run of a shell command: its input written, its output read, its end awaited, all in the loop.
//
//   auto child = ChildProcess::start(loop, "jq .a", input, limits, [](ChildEnd& end) { ... });
//
// The run ends with the shell: what its descendants write later is not waited for. One that runs
// too long or writes too much is killed with its whole process group; so is one whose object goes,
// and then nobody is told. The program ignores SIGPIPE: a command need not read its input. Its
// standard error stream goes where this program's goes.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "dht/quic/udp/loop.h"
#include "dht/quic/udp/unique_fd.h"

namespace macula::dht::quic {

struct ChildLimits {
  Duration time = std::chrono::seconds(5);
  std::size_t output_bytes = std::size_t{256} << 10;
};

struct ChildEnd {
  enum class Cause : std::uint8_t { exited, killed, too_long, too_much };
  Cause cause = Cause::exited;
  int status = 0;      // exit code; of `killed` the signal
  std::string output;  // of its standard output
};

class ChildProcess {
 public:
  // Told once, from the loop; may destroy the object.
  using Done = std::function<void(ChildEnd&)>;

  // The error is for a person: what the system lacks.
  [[nodiscard]] static tl::expected<std::unique_ptr<ChildProcess>, std::string> start(
      Loop& loop, const std::string& command, std::string input, const ChildLimits& limits,
      Done done);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

 private:
  ChildProcess(Loop& loop, const ChildLimits& limits, Done done);
  [[nodiscard]] bool spawn(const std::string& command);
  [[nodiscard]] bool watch_all();
  void write_input();
  void read_output();
  void on_exit();
  void kill_group(ChildEnd::Cause cause);
  void forget(std::optional<Loop::WatchId>& watch);

  Loop& loop_;
  ChildLimits limits_;
  Done done_;
  pid_t pid_ = -1;
  UniqueFd process_;  // readable once the child has ended
  UniqueFd input_;
  UniqueFd output_;
  std::string to_write_;
  std::size_t written_ = 0;
  std::optional<ChildEnd::Cause> killed_for_;
  ChildEnd end_;
  std::optional<Loop::WatchId> process_watch_;
  std::optional<Loop::WatchId> input_watch_;
  std::optional<Loop::WatchId> output_watch_;
  std::optional<Loop::DeadlineId> deadline_;
};

}  // namespace macula::dht::quic
