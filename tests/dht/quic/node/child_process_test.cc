#include "dht/quic/node/child_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "dht/quic/node/command_application.h"
#include "tests/temp_folder.h"

namespace macula::dht::quic {
namespace {

// A guard against hangs, however busy the machine is; the processes that sleep do so for longer.
constexpr Duration kGuard = std::chrono::minutes(2);

class ChildProcessTest : public testing::Test {
 protected:
  void SetUp() override { static_cast<void>(std::signal(SIGPIPE, SIG_IGN)); }

  ChildEnd run(const std::string& command, const std::string& input = "",
               const ChildLimits& limits = {kGuard}) {
    std::optional<ChildEnd> ended;
    auto child = ChildProcess::start(*loop, command, input, limits, [&](ChildEnd& end) {
      ended = std::move(end);
      loop->stop();
    });
    EXPECT_TRUE(child) << child.error();
    if (child) loop->run();
    return ended.value_or(ChildEnd{});
  }

  std::unique_ptr<Loop> loop = std::move(*Loop::create());
};

TEST_F(ChildProcessTest, GetsItsInputAndGivesItsOutput) {
  const std::string large(300'000, 'x');  // more than a pipe holds
  const ChildEnd end = run("cat", large, {kGuard, 1 << 20});
  EXPECT_EQ(end.cause, ChildEnd::Cause::exited);
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.output, large);
}

TEST_F(ChildProcessTest, TellsItsCodeAndItsSignal) {
  EXPECT_EQ(run("exit 7").status, 7);
  const ChildEnd end = run("kill -9 $$");
  EXPECT_EQ(end.cause, ChildEnd::Cause::killed);
  EXPECT_EQ(end.status, 9);
}

TEST_F(ChildProcessTest, OneThatReadsNothingIsNoTrouble) {
  EXPECT_EQ(run("echo hi", std::string(300'000, 'x')).output, "hi\n");
}

TEST_F(ChildProcessTest, OneThatTakesTooLongIsKilledWithItsChildren) {
  // Its child holds the pipe for as long as it lives.
  const TempFolder folder;
  const std::string pipe = folder.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const UniqueFd reads(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  const std::string command = "(echo x; sleep 600) >" + pipe + " & sleep 600";
  char byte = 0;
  // However slow the machine is, some limit lets it come so far.
  for (Duration limit = std::chrono::milliseconds(100); byte != 'x'; limit *= 2) {
    ASSERT_LT(limit, kGuard);
    const Time begin = loop->now();
    EXPECT_EQ(run(command, "", {limit}).cause, ChildEnd::Cause::too_long);
    EXPECT_LT(loop->now() - begin, kGuard);
    static_cast<void>(::read(reads.get(), &byte, 1));
  }
  EXPECT_EQ(::read(reads.get(), &byte, 1), 1);  // the end of the line
  const Time end = loop->now() + kGuard;
  while (::read(reads.get(), &byte, 1) != 0 && loop->now() < end) {
    loop->run_once(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(::read(reads.get(), &byte, 1), 0) << "somebody still holds the pipe";
}

TEST_F(ChildProcessTest, OneThatWritesTooMuchIsKilled) {
  EXPECT_EQ(run("yes", "", {kGuard, 1000}).cause, ChildEnd::Cause::too_much);
  EXPECT_EQ(run("head -c 1000 /dev/zero", "", {kGuard, 1000}).output.size(), 1000U);
}

TEST_F(ChildProcessTest, ABackgroundChildDoesNotDelayTheEnd) {
  const Time begin = loop->now();
  EXPECT_EQ(run("sleep 600 & echo done").output, "done\n");
  EXPECT_LT(loop->now() - begin, kGuard);
}

TEST_F(ChildProcessTest, SignalsAreAsInAShell) {
  // Blocked here for the loop, but not there.
  ASSERT_TRUE(loop->on_signal({SIGTERM}, [](int) {}));
  EXPECT_EQ(run("kill -TERM $$; sleep 600").cause, ChildEnd::Cause::killed);
}

TEST(OutcomeOf, OnlyJsonOfACommandThatEndedWellIsAResult) {
  const auto code = [](const ChildEnd& end) {
    const CallOutcome outcome = outcome_of(end);
    const auto* error = std::get_if<wire::CallError>(&outcome);
    return error != nullptr ? error->code : std::get<wire::Bytes>(outcome);
  };
  using Cause = ChildEnd::Cause;
  EXPECT_EQ(code({Cause::exited, 0, "{\"a\":1}\n"}), "{\"a\":1}");
  EXPECT_EQ(code({Cause::exited, 0, "plain"}), "bad_result");
  EXPECT_EQ(code({Cause::exited, 0, ""}), "bad_result");
  EXPECT_EQ(code({Cause::exited, 1, "1"}), "failed");
  EXPECT_EQ(code({Cause::killed, 9, "1"}), "failed");
  EXPECT_EQ(code({Cause::too_long, 9, "1"}), "timeout");
  EXPECT_EQ(code({Cause::too_much, 9, "1"}), "too_large");
}

}  // namespace
}  // namespace macula::dht::quic
