// The printed text is as text.h says.
#include "sim/study/text.h"

#include <gtest/gtest.h>

#include "tests/places.h"
#include "tests/sim/program.h"

namespace macula::sim {
namespace {

void expect_promised(const std::vector<std::string>& lines) {
  const std::string header = read_text(std::string(source_dir()) + "/sim/study/text.h");
  std::string promised;
  for (const std::string& line : lines) promised += "//   " + line + "\n";
  EXPECT_NE(header.find(promised), std::string::npos) << promised;
}

RunResult heal() {
  RunResult run;
  run.file = "heal.toml";
  run.seed = 42;
  return run;
}

TEST(Text, FiguresAreWrittenAsTheHeaderSays) {
  RunResult run = heal();
  run.expectations = {{"depth", 7, true, "1.82 +- 0.05", 1.8354, "", Near{1.82, 0.05}}};
  expect_promised(figure_lines(run));
}

TEST(Text, NotesAreWrittenAsTheHeaderSays) {
  RunResult run = heal();
  run.notes = {{24, "met no packet: nobody said a word across the partition"}};
  run.unfinished = {{"probe", 2}};
  expect_promised(note_lines(run));
}

TEST(Text, FailuresAreWrittenAsTheHeaderSays) {
  Outcome outcome;
  outcome.result = heal();
  outcome.result.errors = {
      {12, "hit nobody: `heal` found no partition; write `may_miss = true` if it may"}};
  outcome.result.expectations = {
      {"kept by the closest", 41, false, "exactly eu#2, eu#3", 1, "held by eu#3"}};
  outcome.result.expectations[0].nodes = true;
  expect_promised(failure_lines(outcome));
}

}  // namespace
}  // namespace macula::sim
