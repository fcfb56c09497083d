// The program as a whole: what it says of its commands, and the exit codes that scripts rely on.
#include <gtest/gtest.h>

#include "tests/sim/cli/program.h"

namespace macula::sim {
namespace {

TEST(Main, HelpAndVersionSucceed) {
  const Output help = run_program({"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_NE(help.out.find("explain"), std::string::npos);
  const Output version = run_program({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_EQ(version.out.substr(0, 11), "macula-sim ");
  EXPECT_EQ(run_program({"run", "--help"}).code, 0);
}

TEST(Main, WithoutACommandIsAUsageError) {
  const Output output = run_program({});
  EXPECT_EQ(output.code, 2);
  EXPECT_EQ(output.out, "");
  EXPECT_NE(output.err.find("--help"), std::string::npos);
}

TEST(Main, AnUnknownCommandNamesTheNearest) {
  const Output output = run_program({"chekc", "a.toml"});
  EXPECT_EQ(output.code, 2);
  EXPECT_NE(output.err.find("`check`"), std::string::npos) << output.err;
}

TEST(Main, ACommandThatIsNotBuiltYetSaysSo) {
  for (const char* name : {"explore", "shrink", "diff", "sweep", "compare", "graph", "report"}) {
    const Output output = run_program({name, "a.toml"});
    EXPECT_EQ(output.code, 2) << name;
    EXPECT_NE(output.err.find(std::string(name) + " is not built yet"), std::string::npos);
  }
}

}  // namespace
}  // namespace macula::sim
