// Runs dealt out to ranks that are threads here; tests/tools/mpi.py has real ones.
#include "sim/study/dealt_runs.h"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "sim/macula/kit.h"
#include "sim/study/stored_run.h"
#include "tests/sim/program.h"

namespace macula::sim {
namespace {

// The messages on their way to each rank.
struct Mail {
  std::mutex mutex;
  std::map<int, std::deque<RankMessage>> to;
};

class ThreadRanks final : public Ranks {
 public:
  ThreadRanks(Mail& mail, int self, int count) : mail_(mail), self_(self), count_(count) {}
  [[nodiscard]] int self() const override { return self_; }
  [[nodiscard]] int count() const override { return count_; }
  void send(int to, const std::string& text) override {
    const std::lock_guard lock(mail_.mutex);
    mail_.to[to].push_back({self_, text});
  }
  [[nodiscard]] std::optional<RankMessage> receive() override {
    const std::lock_guard lock(mail_.mutex);
    auto& mine = mail_.to[self_];
    if (mine.empty()) return std::nullopt;
    RankMessage message = mine.front();
    mine.pop_front();
    return message;
  }
  // Waits.
  std::string next() {
    while (true) {
      if (const auto message = receive()) return message->text;
      std::this_thread::yield();
    }
  }

 private:
  Mail& mail_;
  int self_;
  int count_;
};

bool never() {
  return false;
}

class DealtRunsTest : public testing::Test {
 protected:
  DealtRunsTest() {
    campaign_.paths = {folder_.write("a.toml", scenario_text("a", true)),
                       folder_.write("b.toml", scenario_text("b", false))};
    campaign_.seeds = SeedRange{1, 4};
    campaign_.out_folder = folder_.path("out");
    campaign_.run_folders = false;
    batch_ = *make_batch(macula_kit(), campaign_);
  }

  // Rank 0 and one more, which does `work`.
  std::vector<std::optional<Outcome>> deal_to(const std::function<void(ThreadRanks&)>& work) {
    std::thread other([&] {
      ThreadRanks ranks(mail_, 1, 2);
      work(ranks);
    });
    std::vector<std::optional<Outcome>> outcomes;
    {
      ThreadRanks ranks(mail_, 0, 2);
      Crew crew(ranks, never);
      wrong_ = crew.greet(batch_, campaign_);
      auto store = BatchStore::open(campaign_, batch_);
      EXPECT_TRUE(store) << store.error();
      if (wrong_.empty()) {
        DealtRuns dealt(crew, batch_, campaign_, *store);
        for (std::size_t i = 0; i < batch_.runs.size(); ++i) outcomes.push_back(dealt.wait(i));
      }
    }
    other.join();
    return outcomes;
  }

  // Says hello as a rank of this batch does.
  void greet(ThreadRanks& ranks) {
    Mail mail;
    ThreadRanks honest(mail, 1, 2);
    ThreadRanks(mail, 0, 2).send(1, "end");
    work_for_rank_0(honest, batch_, campaign_, never);
    ranks.send(0, mail.to[0].front().text);
  }

  [[nodiscard]] std::string result_of_run(std::size_t run) const {
    const Outcome outcome = run_one(batch_.runs[run], campaign_, {}, never);
    return stored_text(unit_of(*batch_.runs[run].scenario, batch_.runs[run].seed, "virtual"),
                       outcome.result);
  }

  TempFolder folder_;
  Campaign campaign_;
  Batch batch_;
  Mail mail_;
  std::string wrong_;
};

TEST_F(DealtRunsTest, OutcomesAreThoseOfOneProcess) {
  const auto outcomes =
      deal_to([&](ThreadRanks& ranks) { work_for_rank_0(ranks, batch_, campaign_, never); });
  ASSERT_EQ(outcomes.size(), 8u);
  Campaign again = campaign_;
  again.resume = true;
  const auto store = BatchStore::open(again, batch_);
  ASSERT_TRUE(store) << store.error();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    ASSERT_TRUE(outcomes[i]) << i;
    EXPECT_TRUE(store->has(i)) << i;
    EXPECT_EQ(outcomes[i]->result.passed, i < 4) << i;
    EXPECT_EQ(stored_text(unit_of(*batch_.runs[i].scenario, batch_.runs[i].seed, "virtual"),
                          outcomes[i]->result),
              result_of_run(i));
  }
}

// A message of a rank is believed only where it is the result of that very run.
TEST_F(DealtRunsTest, WhatIsNoResultOfTheRunIsLeftToRank0) {
  const auto outcomes = deal_to([&](ThreadRanks& ranks) {
    greet(ranks);
    for (std::size_t i = 0; i < 8; ++i) {
      ASSERT_EQ(ranks.next(), "run " + std::to_string(i));
      const std::string done = "done " + std::to_string(i) + " ";
      std::string text = result_of_run(i);
      if (i == 0) ranks.send(0, "failed 0");
      if (i == 1) ranks.send(0, done + result_of_run(2));
      if (i == 2) ranks.send(0, done + text.substr(0, text.size() / 2));
      if (i == 3) ranks.send(0, done);
      if (i > 3) ranks.send(0, done + text);
    }
    EXPECT_EQ(ranks.next(), "end");
  });
  ASSERT_EQ(outcomes.size(), 8u);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(outcomes[i].has_value(), i > 3) << i;
}

TEST_F(DealtRunsTest, ARankThatWasAskedForSomethingElseGetsNothingToDo) {
  const auto outcomes = deal_to([&](ThreadRanks& ranks) {
    Campaign other = campaign_;
    other.seeds = SeedRange{1, 5};
    const Batch batch = *make_batch(macula_kit(), other);
    work_for_rank_0(ranks, batch, other, never);
  });
  EXPECT_TRUE(outcomes.empty());
  EXPECT_EQ(wrong_, "rank 1: has another program, or other files under these names");
}

TEST_F(DealtRunsTest, ARankThatHasNoScenarioSaysWhy) {
  const auto outcomes =
      deal_to([&](ThreadRanks& ranks) { refuse_rank_0(ranks, "a.toml: not there"); });
  EXPECT_TRUE(outcomes.empty());
  EXPECT_EQ(wrong_, "rank 1: a.toml: not there");
}

}  // namespace
}  // namespace macula::sim
