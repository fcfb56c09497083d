#include "sim/study/out_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/sim/program.h"

namespace macula::sim {
namespace {

TEST(OutFolder, GivesEachRunAFolderOfItsOwn) {
  const TempFolder folder;
  const auto out = OutFolder::create(folder.path("o"), {{"a", 1}, {"a", 2}, {"a", 1}}, {});
  ASSERT_TRUE(out) << out.error();
  EXPECT_EQ(out->path(0, "result.json"), folder.path("o/a-1/result.json"));
  EXPECT_EQ(out->path(1, "result.json"), folder.path("o/a-2/result.json"));
  EXPECT_EQ(out->path(2, "result.json"), folder.path("o/a-1-2/result.json"));
  EXPECT_TRUE(std::filesystem::is_directory(folder.path("o/a-1-2")));
}

TEST(OutFolder, AShardMakesItsOwnAndNamesThemAsAllDo) {
  const TempFolder folder;
  const auto out = OutFolder::create(folder.path("o"), {{"a", 1}, {"a", 1}, {"a", 2}}, {1, 2, {}});
  ASSERT_TRUE(out) << out.error();
  EXPECT_EQ(out->path(1, "f"), folder.path("o/a-1-2/f"));
  EXPECT_TRUE(std::filesystem::is_directory(folder.path("o/a-1-2")));
  EXPECT_FALSE(std::filesystem::exists(folder.path("o/a-1")));
  EXPECT_FALSE(std::filesystem::exists(folder.path("o/a-2")));
}

TEST(OutFolder, ANameLeadsNowhereElse) {
  const TempFolder folder;
  const auto out = OutFolder::create(
      folder.path("o"),
      {{"../up", 1}, {"/etc", 1}, {"", 1}, {"..", 1}, {std::string(5000, 'x'), 1}}, {});
  ASSERT_TRUE(out) << out.error();
  EXPECT_EQ(out->path(0, "f"), folder.path("o/_.._up-1/f"));
  EXPECT_EQ(out->path(1, "f"), folder.path("o/_etc-1/f"));
  EXPECT_EQ(out->path(2, "f"), folder.path("o/_-1/f"));
  EXPECT_EQ(out->path(3, "f"), folder.path("o/_..-1/f"));
}

TEST(OutFolder, SaysWhichFolderCannotBeMade) {
  const TempFolder folder;
  const std::string file = folder.write("file", "");
  const auto out = OutFolder::create(file, {{"a", 1}}, {});
  ASSERT_FALSE(out);
  EXPECT_NE(out.error().find(file), std::string::npos);
}

}  // namespace
}  // namespace macula::sim
