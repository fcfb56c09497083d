// The main of every test program. It draws the seed of RapidCheck's properties, so that a failed
// one can be told with the command that replays it.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace {

// The value of RC_PARAMS, with a seed in it: drawn here unless the environment has one.
std::string seeded_parameters() {
  const char* given = std::getenv("RC_PARAMS");
  std::string parameters = given == nullptr ? "" : given;
  if (parameters.find("seed=") == std::string::npos &&
      parameters.find("reproduce=") == std::string::npos) {
    if (!parameters.empty()) parameters += ' ';
    parameters += "seed=" + std::to_string(std::random_device{}());
  }
  return parameters;
}

class Replay : public testing::EmptyTestEventListener {
 public:
  Replay(std::string program, std::string parameters)
      : program_(std::move(program)), parameters_(std::move(parameters)) {}

  void OnTestEnd(const testing::TestInfo& test) override {
    if (!test.result()->Failed()) return;
    std::printf("again: RC_PARAMS='%s' %s --gtest_filter='%s.%s'\n", parameters_.c_str(),
                program_.c_str(), test.test_suite_name(), test.name());
    std::fflush(stdout);
  }

 private:
  std::string program_;
  std::string parameters_;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const std::string parameters = seeded_parameters();
  setenv("RC_PARAMS", parameters.c_str(), 1);
  testing::UnitTest::GetInstance()->listeners().Append(new Replay(argv[0], parameters));
  return RUN_ALL_TESTS();
}
