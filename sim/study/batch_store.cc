#include "sim/study/batch_store.h"

#include <algorithm>
#include <ctime>

namespace macula::sim {

tl::expected<BatchStore, std::string> BatchStore::open(const Campaign& campaign,
                                                       const Batch& batch) {
  auto store = Store::open(campaign.out_folder, batch, campaign.world.name, campaign.shard);
  if (!store) return tl::unexpected(store.error());
  BatchStore opened(campaign, batch, std::move(*store));
  if (!campaign.resume) return opened;
  for (std::size_t i = 0; i < batch.runs.size(); ++i) {
    if (!campaign.shard.has(i)) continue;
    const auto found = opened.read(i);
    if (!found) return tl::unexpected(found.error() + "; without this file it is run again");
    if (*found) opened.states_[i] = State::there;
  }
  return opened;
}

Unit BatchStore::unit(std::size_t run) const {
  const Run& of = batch_->runs[run];
  return unit_of(*of.scenario, of.seed, campaign_->world.name);
}

tl::expected<std::optional<RunResult>, std::string> BatchStore::read(std::size_t run) const {
  auto found = store_.get(unit(run));
  if (!found || !*found) return found;
  auto whole = with_scenario(std::move(**found), *batch_->runs[run].scenario);
  if (!whole) {
    return tl::unexpected(unit_path(campaign_->out_folder, unit(run)) + ": " + whole.error());
  }
  return std::optional<RunResult>(std::move(*whole));
}

Outcome BatchStore::take(std::size_t run) const {
  Outcome outcome;
  outcome.started = std::time(nullptr);
  auto found = read(run);
  if (found && *found) {
    outcome.result = std::move(**found);
    return outcome;
  }
  const Run& of = batch_->runs[run];
  outcome.result.scenario = of.scenario->name;
  outcome.result.file = of.scenario->file;
  outcome.result.seed = of.seed;
  outcome.result.stopped = found ? "its result is gone from the store" : found.error();
  outcome.error = of.scenario->file + ": " + outcome.result.stopped;
  return outcome;
}

void BatchStore::keep(std::size_t run, Outcome& outcome) {
  if (states_[run] != State::open) return;
  states_[run] = State::kept;
  if (outcome.result.interrupted || outcome.difference || !outcome.error.empty()) return;
  outcome.error = store_.put(unit(run), outcome.result);
}

std::size_t BatchStore::taken() const {
  return static_cast<std::size_t>(std::count(states_.begin(), states_.end(), State::there));
}

}  // namespace macula::sim
