#include "sim/study/store.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "sim/file/parse.h"
#include "sim/macula/kit.h"
#include "sim/study/merge.h"
#include "sim/study/sealed.h"
#include "sim/study/store_contents.h"
#include "tests/sim/program.h"

namespace macula::sim {
namespace {

namespace fs = std::filesystem;

class StoreTest : public testing::Test {
 protected:
  // A batch of one scenario with seeds 1 to `seeds`.
  Batch batch(std::uint64_t seeds) {
    Campaign campaign;
    campaign.paths = {folder_.write("a.toml", scenario_text("a", true))};
    campaign.seeds = SeedRange{1, seeds};
    return *make_batch(macula_kit(), campaign);
  }

  static RunResult result(const sim::Run& run) {
    RunResult result;
    result.scenario = run.scenario->name;
    result.hash = run.scenario->hash;
    result.seed = run.seed;
    result.profile = run.scenario->profile;
    result.digest = run.seed;
    return result;
  }

  // A store of that shard.
  std::string fill(const std::string& name, const Batch& batch, const Shard& shard) {
    const std::string path = folder_.path(name);
    const auto store = Store::open(path, batch, "virtual", shard);
    EXPECT_TRUE(store) << store.error();
    for (std::size_t i = 0; i < batch.runs.size(); ++i) {
      const sim::Run& run = batch.runs[i];
      if (!shard.has(i)) continue;
      EXPECT_EQ(store->put(unit_of(*run.scenario, run.seed, "virtual"), result(run)), "");
    }
    return path;
  }

  // Everything in it, as text.
  static std::string bytes_of(const std::string& store) {
    std::string all;
    const auto files = files_of_store(store);
    EXPECT_TRUE(files) << files.error();
    for (const std::string& file : *files) all += file + "\n" + read_text(store + "/" + file);
    return all;
  }

  TempFolder folder_;
};

TEST_F(StoreTest, GivesBackWhatWasPut) {
  const Batch runs = batch(2);
  const auto store = Store::open(folder_.path("s"), runs, "virtual", {});
  ASSERT_TRUE(store) << store.error();
  const Unit first = unit_of(*runs.runs[0].scenario, 1, "virtual");
  EXPECT_FALSE(*store->get(first));
  EXPECT_EQ(store->put(first, result(runs.runs[0])), "");
  const auto read = store->get(first);
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->digest, 1u);
  EXPECT_FALSE(*store->get(unit_of(*runs.runs[1].scenario, 2, "virtual")));
  EXPECT_FALSE(*store->get(unit_of(*runs.runs[0].scenario, 1, "quic")));
}

TEST_F(StoreTest, NamesTheFileThatIsNoResult) {
  const Batch runs = batch(2);
  const std::string path = fill("s", runs, {});
  const Unit first = unit_of(*runs.runs[0].scenario, 1, "virtual");
  const Unit second = unit_of(*runs.runs[1].scenario, 2, "virtual");
  const std::string good = read_text(unit_path(path, first));
  const auto store = Store::open(path, runs, "virtual", {});
  const std::vector<std::pair<std::string, std::string>> wrong{
      {good.substr(0, good.size() / 2), "cut off"},
      {read_text(unit_path(path, second)), "it is unit"},
      {std::string(good).replace(good.find(R"("fail")"), 1, R"( ")"), "altered"}};
  for (const auto& [text, said] : wrong) {
    std::ofstream(unit_path(path, first), std::ios::binary) << text;
    const auto read = store->get(first);
    ASSERT_FALSE(read) << said;
    EXPECT_EQ(read.error().find(unit_path(path, first)), 0u) << read.error();
    EXPECT_NE(read.error().find(said), std::string::npos) << read.error();
    EXPECT_FALSE(read_store(path));
  }
}

// Leftovers of this shard only: other shards may still be writing theirs.
TEST_F(StoreTest, TakesAwayWhatAKilledProgramLeft) {
  const Batch runs = batch(2);
  const std::string path = fill("s", runs, {});
  const auto leftover = [&](std::size_t i) {
    const std::string name =
        fs::path(unit_path(path, unit_of(*runs.runs[i].scenario, runs.runs[i].seed, "virtual")))
            .filename();
    return path + "/units/." + name + ".aB3xYz";
  };
  const std::string before = bytes_of(path);
  std::ofstream(leftover(0)) << "{";
  std::ofstream(leftover(1)) << "{";
  ASSERT_TRUE(Store::open(path, runs, "virtual", Shard{0, 2, {}}));
  EXPECT_FALSE(fs::exists(leftover(0)));
  EXPECT_TRUE(fs::exists(leftover(1)));
  EXPECT_EQ(bytes_of(path), before);
}

// Another program may be writing it just now.
TEST_F(StoreTest, LeavesWhatIsLocked) {
  const Batch runs = batch(1);
  const std::string path = fill("s", runs, {});
  const std::string asked = fs::directory_iterator(path + "/asked")->path().filename();
  const std::string half = path + "/asked/." + asked + ".aB3xYz";
  const int file = open(half.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
  ASSERT_EQ(flock(file, LOCK_EX), 0);
  ASSERT_TRUE(Store::open(path, runs, "virtual", {}));
  EXPECT_TRUE(fs::exists(half));
  close(file);
  ASSERT_TRUE(Store::open(path, runs, "virtual", {}));
  EXPECT_FALSE(fs::exists(half));
}

TEST_F(StoreTest, OfAnotherProgramIsNotAddedTo) {
  const Batch runs = batch(1);
  const std::string path = fill("s", runs, {});
  Asked other = asked_of(runs, "virtual");
  other.program.commit = "of another";
  ASSERT_EQ(write_whole(path + "/asked", "other.json", asked_text(other)), "");
  const auto opened = Store::open(path, runs, "virtual", {});
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().find("of another"), std::string::npos) << opened.error();
  EXPECT_NE(opened.error().find("name another folder"), std::string::npos) << opened.error();
}

TEST_F(StoreTest, MergesToTheSameBytesInAnyOrder) {
  const Batch runs = batch(10);
  const std::string whole = fill("whole", runs, {});
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < 3; ++i) {
    parts.push_back(fill("part" + std::to_string(i), runs, {i, 3, {}}));
  }
  std::sort(parts.begin(), parts.end());
  int n = 0;
  do {
    const std::string out = folder_.path("merged" + std::to_string(n++));
    const auto merged = merge_stores(parts, out);
    ASSERT_TRUE(merged) << merged.error();
    EXPECT_EQ(merged->runs, 10u);
    EXPECT_TRUE(merged->missing.empty());
    EXPECT_EQ(bytes_of(out), bytes_of(whole));
  } while (std::next_permutation(parts.begin(), parts.end()));
  // One after the other into one that grows, and once more.
  const std::string grown = folder_.path("grown");
  for (const std::string& part : {parts[2], parts[0], parts[1], parts[0], grown}) {
    ASSERT_TRUE(merge_stores({part}, grown));
  }
  EXPECT_EQ(bytes_of(grown), bytes_of(whole));
}

TEST_F(StoreTest, NamesWhatIsMissing) {
  const Batch runs = batch(10);
  const std::string one = fill("one", runs, {1, 3, {}});
  const auto merged = merge_stores({one}, folder_.path("m"));
  ASSERT_TRUE(merged) << merged.error();
  EXPECT_EQ(merged->missing, std::vector<std::string>{"a: seeds 1, 3 to 4, 6 to 7, 9 to 10"});
  // More shards than runs: one has none.
  const Batch two = batch(2);
  const std::string empty = fill("empty", two, {2, 3, {}});
  ASSERT_TRUE(merge_stores({empty}, folder_.path("m2")));
  EXPECT_FALSE(merge_stores({folder_.path("nowhere")}, folder_.path("m3")));
}

TEST_F(StoreTest, RefusesToMixPrograms) {
  const Batch runs = batch(2);
  const std::string here = fill("here", runs, {});
  const std::string there = folder_.path("there");
  for (const char* part : {"units", "asked"}) fs::create_directories(there + "/" + part);
  Unit unit = unit_of(*runs.runs[0].scenario, 1, "virtual");
  unit.program.commit = "other";
  const std::string file = fs::path(unit_path(there, unit)).filename();
  ASSERT_EQ(write_whole(there + "/units", file, stored_text(unit, result(runs.runs[0]))), "");
  const auto merged = merge_stores({here, there}, folder_.path("m"));
  ASSERT_FALSE(merged);
  EXPECT_NE(merged.error().find("several programs"), std::string::npos) << merged.error();
  EXPECT_NE(merged.error().find("other"), std::string::npos) << merged.error();
  EXPECT_FALSE(fs::exists(folder_.path("m")));
  // In one folder, too.
  fs::copy(there + "/units/" + file, here + "/units/" + file);
  EXPECT_FALSE(read_store(here));
}

TEST_F(StoreTest, RefusesTwoResultsOfOneUnitAndWhatIsNotOfAStore) {
  const Batch runs = batch(2);
  const std::string here = fill("here", runs, {});
  const std::string there = fill("there", runs, {});
  const Unit unit = unit_of(*runs.runs[0].scenario, 1, "virtual");
  RunResult other = result(runs.runs[0]);
  other.digest = 99;
  ASSERT_EQ(Store::open(there, runs, "virtual", {})->put(unit, other), "");
  const auto merged = merge_stores({here, there}, folder_.path("m"));
  ASSERT_TRUE(merged) << merged.error();
  EXPECT_NE(merged->conflict.find("two results"), std::string::npos) << merged->conflict;
  EXPECT_FALSE(fs::exists(folder_.path("m")));
  fs::rename(unit_path(here, unit), here + "/units/0123.json");
  EXPECT_NE(read_store(here).error().find("it belongs into"), std::string::npos);
  fs::remove(here + "/units/0123.json");
  folder_.write("here/units/notes.txt", "");
  EXPECT_NE(read_store(here).error().find("notes.txt"), std::string::npos);
}

}  // namespace
}  // namespace macula::sim
