// How far a long command is, in words.
#include "sim/cli/progress.h"

#include <gtest/gtest.h>

namespace macula::sim {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST(Progress, TheRestTakesAsLongAsWhatIsDone) {
  EXPECT_EQ(progress_text(10, 30, 1, seconds(15)), "10 of 30 runs, 1 failed, about 31s left");
  EXPECT_EQ(progress_text(1, 121, 0, seconds(30)), "1 of 121 runs, 0 failed, about 1h 1min left");
  EXPECT_EQ(progress_text(1, 3, 0, minutes(60 * 13)),
            "1 of 3 runs, 0 failed, about 1d 2h 1min left");
}

TEST(Progress, NothingIsEstimatedOfNothing) {
  EXPECT_EQ(progress_text(0, 30, 0, seconds(15)), "0 of 30 runs, 0 failed");
  EXPECT_EQ(progress_text(30, 30, 2, seconds(15)), "30 of 30 runs, 2 failed");
}

}  // namespace
}  // namespace macula::sim
