#include "dht/quic/node/child_process.h"

#include <gtest/gtest.h>

#include <csignal>

#include "dht/quic/node/command_application.h"
#include "tests/dht/quic/node/temp_folder.h"

namespace macula::dht::quic {
namespace {

class ChildProcessTest : public testing::Test {
 protected:
  void SetUp() override { static_cast<void>(std::signal(SIGPIPE, SIG_IGN)); }

  ChildEnd run(const std::string& command, const std::string& input = "",
               const ChildLimits& limits = {std::chrono::seconds(20)}) {
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
  const ChildEnd end = run("cat", large, {std::chrono::seconds(20), 1 << 20});
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
  const TempFolder folder;
  const std::string mark = folder.path("mark");
  const Time begin = loop->now();
  const ChildEnd end =
      run("(sleep 0.4; echo x >" + mark + ") & sleep 30", "", {std::chrono::milliseconds(100)});
  EXPECT_EQ(end.cause, ChildEnd::Cause::too_long);
  EXPECT_LT(loop->now() - begin, std::chrono::seconds(10));
  loop->run_once(std::chrono::milliseconds(700));
  EXPECT_FALSE(std::filesystem::exists(mark));
}

TEST_F(ChildProcessTest, OneThatWritesTooMuchIsKilled) {
  EXPECT_EQ(run("yes", "", {std::chrono::seconds(20), 1000}).cause, ChildEnd::Cause::too_much);
  EXPECT_EQ(run("head -c 1000 /dev/zero", "", {std::chrono::seconds(20), 1000}).output.size(),
            1000U);
}

TEST_F(ChildProcessTest, ABackgroundChildDoesNotDelayTheEnd) {
  const Time begin = loop->now();
  EXPECT_EQ(run("sleep 30 & echo done").output, "done\n");
  EXPECT_LT(loop->now() - begin, std::chrono::seconds(10));
}

TEST_F(ChildProcessTest, SignalsAreAsInAShell) {
  // Blocked here for the loop, but not there.
  ASSERT_TRUE(loop->on_signal({SIGTERM}, [](int) {}));
  EXPECT_EQ(run("kill -TERM $$; sleep 5").cause, ChildEnd::Cause::killed);
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
