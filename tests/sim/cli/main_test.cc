// The program as a whole: its help, and the exit codes that scripts rely on.
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "tests/sim/program.h"

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

// The program has each command that it names.
TEST(Main, HelpNamesNothingThatIsNotBuilt) {
  const Output help = run_program({"--help"});
  std::istringstream lines(help.out.substr(help.out.find("Commands:\n")));
  std::size_t commands = 0;
  std::string line;
  while (std::getline(lines, line)) {
    if (line.rfind("  ", 0) != 0) continue;
    const std::string name = line.substr(2, line.find(' ', 2) - 2);
    const Output of_command = run_program({name, "--help"});
    EXPECT_EQ(of_command.code, 0) << name;
    EXPECT_EQ(of_command.out.rfind("Usage: macula-sim " + name, 0), 0U) << of_command.out;
    EXPECT_EQ(of_command.out.find("not built"), std::string::npos) << of_command.out;
    ++commands;
  }
  EXPECT_GE(commands, 5U);
  EXPECT_EQ(help.out.find("not built"), std::string::npos);
}

}  // namespace
}  // namespace macula::sim
