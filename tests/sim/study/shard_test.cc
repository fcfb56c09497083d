#include "sim/study/shard.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace macula::sim {
namespace {

using Variables = std::map<std::string, std::string>;

Environment of(const Variables& variables) {
  return [&variables](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

const Variables kNone;

TEST(Shard, PartsAreDisjointAndTogetherAll) {
  for (const std::size_t first : {0U, 1U}) {
    std::vector<int> times(20, 0);
    for (std::size_t i = first; i < first + 3; ++i) {
      const auto shard = parse_shard(std::to_string(i) + "/3", of(kNone));
      ASSERT_TRUE(shard) << shard.error();
      for (std::size_t run = 0; run < times.size(); ++run) times[run] += shard->has(run) ? 1 : 0;
    }
    EXPECT_EQ(times, std::vector<int>(20, 1));
  }
  EXPECT_EQ(parse_shard("2/5", of(kNone))->index, 1u);
  EXPECT_EQ(parse_shard("1/1", of(kNone))->count, 1u);
}

TEST(Shard, WhatIsNoPartIsRefused) {
  for (const char* text : {"", "/", "1", "1/", "/0", "1/0", "4/3", "-1/3", "1/3/3", "a/3", "1/x",
                           " 1/3", "1/99999999999999999999", "1/1000001"}) {
    const auto shard = parse_shard(text, of(kNone));
    EXPECT_FALSE(shard) << text;
    EXPECT_NE((shard ? std::string() : shard.error()).find("I/N"), std::string::npos) << text;
  }
  EXPECT_NE(parse_shard("/3", of(kNone)).error().find("environment"), std::string::npos);
}

// Each system's workers, by what it tells them, do all the work once.
TEST(Shard, TheEnvironmentSaysWhich) {
  struct System {
    const char* index;
    Variables others;
    std::vector<int> numbers;
  };
  const std::vector<System> systems{
      {"CI_NODE_INDEX", {{"CI_NODE_TOTAL", "3"}}, {1, 2, 3}},
      {"OMPI_COMM_WORLD_RANK", {{"OMPI_COMM_WORLD_SIZE", "3"}}, {0, 1, 2}},
      {"SLURM_ARRAY_TASK_ID", {{"SLURM_ARRAY_TASK_COUNT", "3"}}, {0, 1, 2}},
      {"SLURM_ARRAY_TASK_ID", {{"SLURM_ARRAY_TASK_COUNT", "3"}}, {1, 2, 3}},
      {"SLURM_ARRAY_TASK_ID",
       {{"SLURM_ARRAY_TASK_COUNT", "3"},
        {"SLURM_ARRAY_TASK_MIN", "4"},
        {"SLURM_ARRAY_TASK_MAX", "10"},
        {"SLURM_ARRAY_TASK_STEP", "3"}},
       {4, 7, 10}}};
  for (const System& system : systems) {
    std::set<std::size_t> parts;
    for (const int number : system.numbers) {
      Variables variables = system.others;
      variables[system.index] = std::to_string(number);
      const auto shard = shard_of(of(variables));
      ASSERT_TRUE(shard && *shard) << system.index;
      EXPECT_EQ((*shard)->count, 3u);
      EXPECT_EQ((*shard)->from, system.index);
      parts.insert((*shard)->index);
    }
    EXPECT_EQ(parts.size(), 3u) << system.index;
  }
  EXPECT_FALSE(*shard_of(of(kNone)));
}

TEST(Shard, AnIndexWithoutACountIsNotGuessed) {
  const Variables kubernetes{{"JOB_COMPLETION_INDEX", "2"}};
  EXPECT_FALSE(shard_of(of(kubernetes)));
  EXPECT_EQ(parse_shard("/8", of(kubernetes))->index, 2u);
  EXPECT_FALSE(parse_shard("/2", of(kubernetes)));
  EXPECT_EQ(parse_shard("1/1", of(kubernetes))->count, 1u);
}

TEST(Shard, AnEnvironmentThatMakesNoSenseIsRefused) {
  const std::vector<Variables> wrong{{{"CI_NODE_INDEX", "1"}},
                                     {{"CI_NODE_INDEX", "one"}, {"CI_NODE_TOTAL", "3"}},
                                     {{"CI_NODE_INDEX", "1"}, {"CI_NODE_TOTAL", "0"}},
                                     {{"CI_NODE_INDEX", "4"}, {"CI_NODE_TOTAL", "3"}},
                                     {{"OMPI_COMM_WORLD_RANK", "3"}, {"OMPI_COMM_WORLD_SIZE", "3"}},
                                     {{"SLURM_ARRAY_TASK_ID", "1"},
                                      {"SLURM_ARRAY_TASK_COUNT", "3"},
                                      {"SLURM_ARRAY_TASK_MIN", "1"},
                                      {"SLURM_ARRAY_TASK_MAX", "9"}}};
  for (const Variables& variables : wrong) {
    const auto shard = shard_of(of(variables));
    EXPECT_FALSE(shard);
    EXPECT_NE(shard ? std::string() : shard.error(), "");
  }
}

}  // namespace
}  // namespace macula::sim
