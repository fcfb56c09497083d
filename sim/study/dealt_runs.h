// The runs of a batch, dealt out to the ranks of an `mpirun`: rank 0 deals and keeps the results,
// the others run what they are dealt, one at a time. Rank 0 alone writes to the store.
//
//   if (ranks.self() != 0) return work_for_rank_0(ranks, batch, campaign, stop);
//   DealtRuns dealt(ranks, batch, campaign, store, stop);
//   if (auto wrong = dealt.greet(); !wrong.empty()) ..   // some rank has other files
//   auto outcome = dealt.wait(i);                        // nothing: run it here
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "sim/study/batch.h"
#include "sim/study/batch_store.h"
#include "sim/study/outcome.h"
#include "sim/study/ranks.h"

namespace macula::sim {

class DealtRuns {
 public:
  // All of them outlive it. Runs that the store has are not dealt out.
  DealtRuns(Ranks& ranks, const Batch& batch, const Campaign& campaign, BatchStore& store,
            std::function<bool()> stop);
  // Waits until all is dealt and done, or `stop` returns true.
  ~DealtRuns();
  DealtRuns(const DealtRuns&) = delete;
  DealtRuns& operator=(const DealtRuns&) = delete;

  // Waits for the word of each rank, then begins to deal. What is wrong, for a person: a rank could
  // not read the scenario, or is of another program; empty: nothing.
  [[nodiscard]] std::string greet();

  // The outcome of a run, once its rank has sent it and the store has it. Once for each run.
  // Nothing: no rank could, or it was stopped.
  [[nodiscard]] std::optional<Outcome> wait(std::size_t run);

 private:
  void deal();
  void take(const RankMessage& message);
  void give(int rank);

  Ranks& ranks_;
  const Batch& batch_;
  const Campaign& campaign_;
  BatchStore& store_;
  std::function<bool()> stop_;
  std::deque<std::size_t> open_;  // to be dealt, in order; these two are the dealer's
  std::set<int> working_;
  std::thread dealer_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by the mutex.
  std::map<std::size_t, std::optional<Outcome>> done_;
  bool over_ = false;  // nothing more will come
};

// On any other rank: runs what rank 0 deals, until that says it is done or `stop` returns true.
void work_for_rank_0(Ranks& ranks, const Batch& batch, const Campaign& campaign,
                     const std::function<bool()>& stop);
// In its place, where there is no batch. `wrong`: why, for a person, whom rank 0 tells.
void refuse_rank_0(Ranks& ranks, const std::string& wrong);

}  // namespace macula::sim
