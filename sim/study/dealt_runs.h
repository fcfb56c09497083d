// The runs of a batch, dealt out to the ranks of an `mpirun`: rank 0 deals and keeps the results,
// the others run what they are dealt, one at a time. Rank 0 alone writes to the store.
//
//   if (ranks.self() != 0) return work_for_rank_0(ranks, batch, campaign, stop);
//   Crew crew(ranks, stop);
//   if (auto wrong = crew.greet(batch, campaign); !wrong.empty()) ...  // some rank has other files
//   DealtRuns dealt(crew, batch, campaign, store);
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

// The other ranks, as rank 0 has them. No rank waits for ever, whatever becomes of the work: those
// that were not told to end are told as this object ends, unless `stop` returns true.
class Crew {
 public:
  Crew(Ranks& ranks, std::function<bool()> stop);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // Waits for the word of each rank. The error, for a person: one could not read the scenario, or
  // has been asked for something else; empty: there is none.
  [[nodiscard]] std::string greet(const Batch& batch, const Campaign& campaign);

  // Those that said hello and were not told to end.
  [[nodiscard]] const std::set<int>& there() const { return there_; }
  void send(int rank, const std::string& text) { ranks_.send(rank, text); }
  void end(int rank);
  // Nothing once `stop` returns true.
  [[nodiscard]] std::optional<RankMessage> next();

 private:
  // The first word of a rank; what it refuses with, or its hello.
  [[nodiscard]] std::optional<RankMessage> hear();

  Ranks& ranks_;
  std::function<bool()> stop_;
  std::size_t unheard_;
  std::set<int> there_;
};

class DealtRuns {
 public:
  // The crew was greeted. All of them outlive it. Begins to deal; runs that the store has are not
  // dealt out.
  DealtRuns(Crew& crew, const Batch& batch, const Campaign& campaign, BatchStore& store);
  // Waits until all is dealt and done, or the crew's `stop` returns true.
  ~DealtRuns();
  DealtRuns(const DealtRuns&) = delete;
  DealtRuns& operator=(const DealtRuns&) = delete;

  // The outcome of a run, once its rank has sent it and the store has it. Once for each run.
  // Nothing: no rank could, or it was stopped.
  [[nodiscard]] std::optional<Outcome> wait(std::size_t run);

 private:
  void deal();
  void take(const RankMessage& message);
  void give(int rank);

  Crew& crew_;
  const Batch& batch_;
  const Campaign& campaign_;
  BatchStore& store_;
  std::deque<std::size_t> open_;  // to be dealt, in order: the dealer's
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by the mutex.
  std::map<std::size_t, std::optional<Outcome>> done_;
  bool over_ = false;  // nothing more will come
  std::thread dealer_;
};

// On any other rank: runs what rank 0 deals, until that says it is done or `stop` returns true.
void work_for_rank_0(Ranks& ranks, const Batch& batch, const Campaign& campaign,
                     const std::function<bool()>& stop);
// In its place, where there is no batch. `wrong`: why, for a person, whom rank 0 tells.
void refuse_rank_0(Ranks& ranks, const std::string& wrong);

}  // namespace macula::sim
