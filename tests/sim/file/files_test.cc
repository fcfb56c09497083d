#include "sim/file/files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace macula::sim {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) / "macula_files";
    fs::remove_all(root_);
    fs::create_directories(root_ / "b" / "deep");
    fs::create_directories(root_ / "empty");
    for (const char* name : {"c.toml", "a.toml", "b/x.toml", "b/deep/y.toml", "b/readme.md"}) {
      std::ofstream(root_ / name) << "x";
    }
  }
  void TearDown() override { fs::remove_all(root_); }
  [[nodiscard]] std::string path(const char* name) const { return (root_ / name).string(); }

  fs::path root_;
};

TEST_F(Files, AFolderGivesItsTomlFilesSortedByPath) {
  const auto files = find_scenario_files({root_.string()});
  ASSERT_TRUE(files);
  EXPECT_EQ(*files, (std::vector<std::string>{path("a.toml"), path("b/deep/y.toml"),
                                              path("b/x.toml"), path("c.toml")}));
}

// An editor's lock is a link to nowhere.
TEST_F(Files, NamesThatBeginWithADotAreNotOfTheFolder) {
  std::ofstream(root_ / ".hidden.toml") << "x";
  fs::create_symlink("me@host.1:2", root_ / ".#a.toml");
  const auto files = find_scenario_files({root_.string()});
  ASSERT_TRUE(files);
  EXPECT_EQ(files->size(), 4U);
}

TEST_F(Files, PathsKeepTheirOrderAndFilesStandOnce) {
  const auto files = find_scenario_files(
      {path("c.toml"), path("b/readme.md"), root_.string(), path("b/../a.toml")});
  ASSERT_TRUE(files);
  EXPECT_EQ(files->size(), 5U);
  EXPECT_EQ(files->at(0), path("c.toml"));
  EXPECT_EQ(files->at(1), path("b/readme.md"));
  EXPECT_EQ(files->at(2), path("a.toml"));
}

TEST_F(Files, WhatIsNotThereIsAnError) {
  const auto files = find_scenario_files({path("none.toml"), path("empty"), path("a.toml")});
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().size(), 2U);
}

TEST_F(Files, ReadingHasALimit) {
  EXPECT_EQ(*read_file(path("a.toml"), 1), "x");
  EXPECT_FALSE(read_file(path("a.toml"), 0));
  EXPECT_FALSE(read_file(path("none.toml"), 10));
  EXPECT_FALSE(read_file(root_.string(), 10));
}

TEST_F(Files, ALinkThatLeadsInACircleSaysSo) {
  fs::create_symlink("loop.toml", root_ / "loop.toml");
  const std::string circle = "this symbolic link leads in a circle";
  EXPECT_EQ(read_file(path("loop.toml"), 10).error(), circle);
  EXPECT_EQ(find_scenario_files({path("loop.toml")}).error().at(0).message, circle);
  EXPECT_EQ(find_scenario_files({root_.string()}).error().at(0).message, "loop.toml: " + circle);
  // So that reading it says so.
  EXPECT_EQ(fs::path(find_beside(path("a.toml"), "loop.toml")), fs::path(path("loop.toml")));
}

TEST_F(Files, BesideOrAbove) {
  EXPECT_EQ(fs::path(find_beside(path("b/deep/y.toml"), "y.toml")),
            fs::path(path("b/deep/y.toml")));
  EXPECT_TRUE(fs::equivalent(find_beside(path("b/deep/y.toml"), "a.toml"), path("a.toml")));
  EXPECT_EQ(find_beside(path("b/deep/y.toml"), "none.toml"), "");
  EXPECT_EQ(find_beside(path("a.toml"), "/dev/zero"), "");
}

}  // namespace
}  // namespace macula::sim
