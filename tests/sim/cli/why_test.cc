// `macula-sim why` and `--trace-only`, as a user meets them.
#include <gtest/gtest.h>
#include <zstd.h>

#include <algorithm>
#include <string>

#include "tests/sim/has.h"
#include "tests/sim/program.h"

namespace macula::sim {
namespace {

class WhyCommand : public ::testing::Test {
 protected:
  const TempFolder folder_;
  // Its operations are labelled `beat`: two nodes that ping each other.
  const std::string file_ = folder_.write("a.toml", scenario_text("a", true));
};

TEST_F(WhyCommand, TellsTheStory) {
  const Output output = run_program({"why", file_, "--label", "beat"});
  EXPECT_EQ(output.code, 0) << output.err;
  EXPECT_TRUE(has(output.out, "ping by ")) << output.out;
  EXPECT_TRUE(has(output.out, "succeeded after ")) << output.out;
  EXPECT_TRUE(has(output.out, "\ncause: ")) << output.out;
  EXPECT_EQ(output.out, run_program({"why", file_, "--label", "beat"}).out);
}

TEST_F(WhyCommand, BadInputIsTwo) {
  const auto expect = [&](const std::vector<std::string>& more, const std::string& text) {
    std::vector<std::string> arguments{"why"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Output output = run_program(arguments);
    EXPECT_EQ(output.code, 2) << text;
    EXPECT_TRUE(has(output.err, text)) << output.err;
    EXPECT_EQ(output.out, "");
  };
  expect({file_}, "--label");
  expect({file_, "--label", "baet"}, "did you mean `beat`");
  expect({file_, "--label", "beat", "--failed"}, "failed");
  expect({file_, "--label", "beat", "--nth", "1000000"}, "none has the number 1000000");
  expect({file_, "--label", "beat", "--nth", "0"}, "--nth takes a number from 1 on");
  expect({file_, file_, "--label", "beat"}, "takes one scenario file");
  expect({folder_.path("none.toml"), "--label", "beat"}, "none.toml");
  expect({file_, "--label", "beat", "--set", "protocol.kk=1"}, "kk");
  EXPECT_EQ(run_program({"why", "--help"}).code, 0);
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST_F(WhyCommand, ATraceCanBeAPartAndCompressed) {
  const std::string whole = run_program({"run", file_, "--quiet", "--trace", "-"}).out;
  const std::string part = run_program({"run", file_, "--quiet", "--trace", "-", "--trace-only",
                                        "label=beat,kind=ended"})
                               .out;
  EXPECT_GT(lines(whole), lines(part));
  EXPECT_GT(lines(part), 1U);
  const std::string zst = folder_.path("t.jsonl.zst");
  EXPECT_EQ(run_program({"run", file_, "--quiet", "--trace", zst}).code, 0);
  const std::string beside = folder_.path("u.jsonl.zst");
  EXPECT_EQ(
      run_program({"run", file_, "--quiet", "--trace", beside, "--out", folder_.path("o")}).code,
      0);
  EXPECT_EQ(read_text(zst), read_text(beside));
  const std::string packed = read_text(zst);
  std::string out(whole.size(), '\0');
  EXPECT_EQ(ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size()), whole.size());
  EXPECT_EQ(out, whole);
}

TEST_F(WhyCommand, APartThatThereIsNotIsRefused) {
  const auto refused = [&](const std::string& only) {
    const Output output = run_program({"run", file_, "--trace", "-", "--trace-only", only});
    EXPECT_EQ(output.code, 2) << only;
    EXPECT_EQ(output.out, "") << only;
    return output.err;
  };
  EXPECT_TRUE(has(refused("label=baet"), "did you mean `beat`"));
  EXPECT_TRUE(has(refused("size=3"), "label, operation, node, kind"));
  EXPECT_TRUE(has(refused("kind=noise"), "retransmit"));
  EXPECT_TRUE(has(refused("node=nobody"), "node"));
  EXPECT_EQ(run_program({"run", file_, "--trace-only", "kind=ended"}).code, 2);
}

}  // namespace
}  // namespace macula::sim
