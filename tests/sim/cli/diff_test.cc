// `macula-sim diff`, as a user runs it.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/places.h"
#include "tests/sim/program.h"

namespace macula::sim {
namespace {

// Thirty nodes join, over links that lose packets, and look keys up: some 30 000 events.
const char* const kLookups = R"toml([scenario]
schema = 1
name = "lookups"
duration = "60s"
[protocol]
k = 8
[latency]
default = "uniform(20ms, 60ms)"
[link.home]
loss = "1%"
[[node]]
name = "first"
[[group]]
name = "eu"
count = 30
link = "home"
join = { via = "first", spread = "5s" }
[[at]]
t = "10s"
every = "50ms"
lookup = { by = "any(eu)", key = "key-{n}", label = "probe" }
[[at]]
id = "late"
t = "52s"
ping = { by = "eu#1", to = "eu#2" }
[[expect]]
name = "they end"
metric = "success_rate(probe)"
at_least = "50%"
)toml";

class DiffTest : public testing::Test {
 protected:
  Output diff(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "diff");
    return run_program(arguments);
  }
  // With every event in a folder of its own, of this seed.
  std::string folder_of(const std::string& name, std::vector<std::string> more = {}) {
    more.insert(more.begin(),
                {"run", file_, "--quiet", "--seeds", "1..3", "--out", folder_.path(name)});
    EXPECT_EQ(run_program(more).code, 0);
    return folder_.path(name);
  }

  TempFolder folder_;
  std::string file_ = folder_.write("lookups.toml", kLookups);
};

TEST_F(DiffTest, ARunIsTheSameAsItself) {
  const Output output = diff({file_ + ":1", file_ + ":1"});
  EXPECT_EQ(output.code, 0) << output.err;
  EXPECT_EQ(output.out.substr(output.out.size() - 9), "the same\n");
}

// The ping that B has in place of A's is the first thing that differs: at 54 s rather than at 52 s,
// far behind the first checkpoint.
TEST_F(DiffTest, NamesTheFirstEventThatDiffers) {
  const Output output = diff({file_ + ":1", file_ + ":1", "--b", "at.1.t=54s", "--around", "3"});
  EXPECT_EQ(output.code, 1) << output.err;
  const std::size_t first = output.out.find("\nA  ");
  ASSERT_NE(first, std::string::npos) << output.out;
  const std::string line = output.out.substr(first + 1, output.out.find('\n', first + 1) - first);
  EXPECT_NE(line.find("52.000000000s"), std::string::npos) << line;
  EXPECT_NE(line.find("eu#1"), std::string::npos) << line;
  const auto count = [&](const std::string& mark) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = output.out.find(mark, at)) != std::string::npos; ++at) ++found;
    return found;
  };
  EXPECT_EQ(count("\n   "), 3U) << output.out;  // before
  EXPECT_EQ(count("\nA  "), 4U) << output.out;
  EXPECT_EQ(count("\nB  "), 4U) << output.out;
}

// Neither is run to its end, which nobody needs to know.
TEST_F(DiffTest, RunsEndWhereTheyHaveParted) {
  const Output early = diff({file_ + ":1", file_ + ":1", "--b", "protocol.alpha=2"});
  EXPECT_NE(early.out.find(", seed 1: parts within 4096 events\n"), std::string::npos) << early.out;
  EXPECT_NE(early.out.find(", protocol.alpha=2: parts within 4096 events\n"), std::string::npos)
      << early.out;
}

// The two runs part at the same event, whatever way they are named.
TEST_F(DiffTest, FilesFoldersAndProgramsTellTheSame) {
  const auto parting = [](const std::string& out) { return out.substr(out.find("\n   ")); };
  const std::string setting = "protocol.alpha=2";
  const Output by_replay = diff({file_ + ":2", file_ + ":2", "--b", setting});
  EXPECT_EQ(by_replay.code, 1);
  const std::string a = folder_of("a");
  const std::string b = folder_of("b", {"--set", setting});
  const Output by_folders = diff({a + "/lookups-2", b + "/lookups-2"});
  EXPECT_EQ(parting(by_folders.out), parting(by_replay.out));
  const Output mixed = diff({a + "/lookups-2", file_ + ":2", "--b", setting});
  EXPECT_EQ(parting(mixed.out), parting(by_replay.out));
  const Output by_programs =
      diff({"--programs", macula_sim(), macula_sim(), file_ + ":2", "--b", setting});
  EXPECT_EQ(by_programs.code, 1) << by_programs.err;
  EXPECT_EQ(parting(by_programs.out), parting(by_replay.out));
}

TEST_F(DiffTest, OfManyRunsTheFirstThatDiffersIsTaken) {
  const std::string a = folder_of("a");
  const std::string b = folder_of("b");
  EXPECT_EQ(diff({a, b}).code, 0);
  std::filesystem::remove_all(b + "/lookups-2");
  std::filesystem::copy(folder_of("c", {"--set", "protocol.alpha=2"}) + "/lookups-2",
                        b + "/lookups-2");
  const Output output = diff({a, b});
  EXPECT_EQ(output.code, 1) << output.err;
  EXPECT_NE(output.out.find("1 of 3 runs differ; the first: lookups-2"), std::string::npos)
      << output.out;
}

// In the packets alone: a packet that is cut on its way in B is no event of a trace.
TEST_F(DiffTest, RealQuicRepeats) {
  const std::vector<std::string> world{"--world", "virtual-quic", "--set", "scenario.duration=8s"};
  std::vector<std::string> same{file_ + ":1", file_ + ":1"};
  same.insert(same.end(), world.begin(), world.end());
  same.insert(same.end(), {"--set", "at.0.t=6s", "--set", "at.1.t=7s"});
  EXPECT_EQ(diff(same).code, 0);
}

TEST_F(DiffTest, BadInputIsNamed) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{}, "takes two runs"},
      {{file_ + ":1"}, "takes two runs"},
      {{file_, file_}, "FILE:SEED"},
      {{file_ + ":x", file_ + ":1"}, "FILE:SEED"},
      {{file_ + ":1", file_ + ":18446744073709551616"}, "FILE:SEED"},
      {{folder_.path("no.toml:1"), file_ + ":1"}, "no.toml"},
      {{file_ + ":1", file_ + ":1", "--around", "many"}, "--around"},
      {{file_ + ":1", file_ + ":1", "--world", "quic"}, "virtual-quic"},
      {{file_ + ":1", file_ + ":1", "--a", "protocol.q=1"}, "protocol.q"},
      {{folder_.path(""), folder_.path("")}, "no run in common"},
      {{"--programs", "a", "b"}, "OLD NEW FILE:SEED"},
      {{"--programs", folder_.path("none"), macula_sim(), file_ + ":1"}, "none"},
  };
  for (const auto& [arguments, word] : wrong) {
    const Output output = diff(arguments);
    EXPECT_EQ(output.code, 2) << output.out;
    EXPECT_NE(output.err.find(word), std::string::npos) << output.err;
  }
}

// An event that is not there did not happen otherwise.
TEST_F(DiffTest, APartOfATraceIsNoRun) {
  const std::string whole = folder_of("whole");
  const std::string part =
      folder_of("part", {"--trace-only", "label=probe", "--set", "protocol.k=9"});
  const std::string cut = folder_of("cut", {"--set", "protocol.k=9"});
  const std::string trace = cut + "/lookups-1/trace.jsonl";
  std::filesystem::resize_file(trace, std::filesystem::file_size(trace) / 2);
  const std::string alone = folder_of("alone", {"--store-only"});
  for (const auto& [b, said] :
       {std::pair(part, "--trace-only"), {cut, "cut off"}, {alone, "store without traces"}}) {
    const Output output = diff({whole, b});
    EXPECT_EQ(output.code, 2) << output.out;
    EXPECT_NE(output.err.find(said), std::string::npos) << output.err;
  }
}

TEST_F(DiffTest, DamagedFoldersAreNamed) {
  const std::string folder = folder_of("a") + "/lookups-1";
  EXPECT_EQ(diff({folder, file_ + ":1", "--a", "protocol.k=3"}).code, 2);
  const std::string result = folder + "/result.json";
  const std::string text = read_text(result);
  for (const std::string& damaged : {std::string(), std::string("[]"), text.substr(0, 500),
                                     std::string(R"({"version":"1","commit":"c","runs":[]})")}) {
    write_text(result, damaged);
    const Output output = diff({folder, file_ + ":1"});
    EXPECT_EQ(output.code, 2) << damaged;
    EXPECT_NE(output.err.find("result.json"), std::string::npos) << output.err;
  }
  write_text(result, text);
  std::filesystem::remove(folder + "/trace.jsonl");
  const Output output = diff({folder, file_ + ":2"});
  EXPECT_EQ(output.code, 2);
  EXPECT_NE(output.err.find("trace.jsonl"), std::string::npos) << output.err;
}

}  // namespace
}  // namespace macula::sim
