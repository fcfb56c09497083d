// The store of a batch while it runs: what is there already, and each result as it comes.
//
//   auto store = BatchStore::open(campaign, batch);
//   if (store->has(i)) outcome = store->take(i); else { run(i); store->keep(i, outcome); }
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/study/batch.h"
#include "sim/study/outcome.h"
#include "sim/study/store.h"

namespace macula::sim {

class BatchStore {
 public:
  // In the campaign's `out_folder`, for its shard. To resume, what is there is read and checked
  // now: the error names the file that is no result. Batch and campaign outlive this object.
  [[nodiscard]] static tl::expected<BatchStore, std::string> open(const Campaign& campaign,
                                                                  const Batch& batch);

  // The states of the batch's runs, by position. These are safe on several threads, each for
  // another run.
  [[nodiscard]] bool has(std::size_t run) const { return states_[run] == State::there; }
  [[nodiscard]] Outcome take(std::size_t run) const;
  // Though it is there: it is as if it were not.
  void run_again(std::size_t run) { states_[run] = State::open; }
  // Once; what is not a result of its unit alone (interrupted, out of memory, not deterministic) is
  // not kept. A failed write is the outcome's error.
  void keep(std::size_t run, Outcome& outcome);

  // How many were there already.
  [[nodiscard]] std::size_t taken() const;

 private:
  enum class State : char { open, there, kept };

  BatchStore(const Campaign& campaign, const Batch& batch, Store store)
      : campaign_(&campaign),
        batch_(&batch),
        store_(std::move(store)),
        states_(batch.runs.size(), State::open) {}

  [[nodiscard]] Unit unit(std::size_t run) const;
  [[nodiscard]] tl::expected<std::optional<RunResult>, std::string> read(std::size_t run) const;

  const Campaign* campaign_;
  const Batch* batch_;
  Store store_;
  std::vector<State> states_;
};

}  // namespace macula::sim
