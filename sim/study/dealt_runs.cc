#include "sim/study/dealt_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <memory>
#include <string_view>
#include <utility>

#include "sim/study/asked.h"
#include "sim/study/ordered_pool.h"
#include "sim/study/stored_run.h"

namespace macula::sim {
namespace {

// Messages are a word, and what belongs to it behind a space:
//   hello HASH     of what the rank has been asked to run; nothing is dealt unless all are the same
//   refuse TEXT    in place of it
//   run N          of the batch
//   done N TEXT    the result as the store has it
//   failed N       there is none that would be kept
//   end            to a rank: there is nothing more
constexpr std::string_view kHello = "hello";
constexpr std::string_view kRefuse = "refuse";
constexpr std::string_view kRun = "run";
constexpr std::string_view kDone = "done";
constexpr std::string_view kFailed = "failed";
constexpr std::string_view kEnd = "end";

// MPI waits at full speed; a run is longer than this.
constexpr std::chrono::milliseconds kPause{1};

// Cuts off the first word.
std::string_view take_word(std::string_view& text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, space);
  text.remove_prefix(std::min(space + 1, text.size()));
  return word;
}

std::optional<std::size_t> take_number(std::string_view& text, std::size_t below) {
  const std::string_view word = take_word(text);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || end != word.data() + word.size() || number >= below) return {};
  return number;
}

std::string hello(const Batch& batch, const Campaign& campaign) {
  return fmt::format("{} {}", kHello,
                     sha256_text(asked_text(asked_of(batch, campaign.world.name))));
}

// Nothing once `stop` returns true.
std::optional<RankMessage> next_message(Ranks& ranks, const std::function<bool()>& stop) {
  while (!stop()) {
    if (auto message = ranks.receive()) return message;
    std::this_thread::sleep_for(kPause);
  }
  return std::nullopt;
}

Unit unit_of_run(const Batch& batch, const Campaign& campaign, std::size_t run) {
  return unit_of(*batch.runs[run].scenario, batch.runs[run].seed, campaign.world.name);
}

// On a thread of its own, which may be given up.
Outcome run_apart(const Run& run, const Campaign& campaign, const std::function<bool()>& stop) {
  const auto outcome = std::make_shared<Outcome>();
  OrderedWork work;
  work.work = [&run, &campaign, stop, outcome](std::size_t, const GiveUpThread& give_up) {
    run_on_thread(run, campaign, {}, stop, give_up, *outcome);
  };
  work.done = [](std::size_t) {};
  run_ordered(1, 1, std::move(work));
  return *outcome;
}

}  // namespace

// ----- rank 0 -----

Crew::Crew(Ranks& ranks, std::function<bool()> stop)
    : ranks_(ranks),
      stop_(std::move(stop)),
      unheard_(static_cast<std::size_t>(ranks.count()) - 1) {}

Crew::~Crew() {
  while (unheard_ > 0 && hear()) {
  }
  if (stop_()) return;
  for (const int rank : std::set<int>(there_)) end(rank);
}

void Crew::end(int rank) {
  ranks_.send(rank, std::string(kEnd));
  there_.erase(rank);
}

std::optional<RankMessage> Crew::next() {
  return next_message(ranks_, stop_);
}

std::optional<RankMessage> Crew::hear() {
  auto message = next();
  if (!message) return message;
  --unheard_;
  std::string_view text = message->text;
  if (take_word(text) == kHello) there_.insert(message->from);
  return message;
}

std::string Crew::greet(const Batch& batch, const Campaign& campaign) {
  const std::string mine = hello(batch, campaign);
  std::string wrong;
  while (unheard_ > 0) {
    const auto message = hear();
    if (!message) return "interrupted before all ranks were there";
    if (message->text == mine || !wrong.empty()) continue;
    std::string_view text = message->text;
    const bool refused = take_word(text) == kRefuse;
    wrong = fmt::format("rank {}: {}", message->from,
                        refused ? text : "has another program, or other files under these names");
  }
  return wrong;
}

DealtRuns::DealtRuns(Crew& crew, const Batch& batch, const Campaign& campaign, BatchStore& store)
    : crew_(crew), batch_(batch), campaign_(campaign), store_(store) {
  for (std::size_t run = 0; run < batch.runs.size(); ++run) {
    if (!store.has(run)) open_.push_back(run);
  }
  dealer_ = std::thread([this] { deal(); });
}

DealtRuns::~DealtRuns() {
  dealer_.join();
}

void DealtRuns::give(int rank) {
  if (open_.empty()) {
    crew_.end(rank);
    return;
  }
  crew_.send(rank, fmt::format("{} {}", kRun, open_.front()));
  open_.pop_front();
}

// A result that does not come as it should counts as failed: it is run here.
void DealtRuns::take(const RankMessage& message) {
  std::string_view text = message.text;
  const bool is_done = take_word(text) == kDone;
  const auto run = take_number(text, batch_.runs.size());
  if (!run) return;
  std::optional<Outcome> outcome;
  if (is_done) {
    auto stored = read_stored(text);
    const bool same = stored && stored->unit == unit_of_run(batch_, campaign_, *run);
    auto result = same ? with_scenario(std::move(stored->result), *batch_.runs[*run].scenario)
                       : tl::unexpected(std::string());
    if (result) {
      outcome.emplace();
      outcome->result = std::move(*result);
      outcome->started = std::time(nullptr);
      store_.keep(*run, *outcome);
    }
  }
  const std::lock_guard lock(mutex_);
  done_[*run] = std::move(outcome);
  changed_.notify_all();
}

void DealtRuns::deal() {
  for (const int rank : std::set<int>(crew_.there())) give(rank);
  while (!crew_.there().empty()) {
    const auto message = crew_.next();
    if (!message) break;
    take(*message);
    give(message->from);
  }
  const std::lock_guard lock(mutex_);
  over_ = true;
  changed_.notify_all();
}

std::optional<Outcome> DealtRuns::wait(std::size_t run) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return over_ || done_.count(run) != 0; });
  const auto found = done_.find(run);
  if (found == done_.end()) return std::nullopt;
  std::optional<Outcome> outcome = std::move(found->second);
  done_.erase(found);
  return outcome;
}

// ----- the others -----

void work_for_rank_0(Ranks& ranks, const Batch& batch, const Campaign& campaign,
                     const std::function<bool()>& stop) {
  ranks.send(0, hello(batch, campaign));
  while (const auto message = next_message(ranks, stop)) {
    std::string_view text = message->text;
    if (take_word(text) == kEnd) return;
    const auto run = take_number(text, batch.runs.size());
    if (!run) return;
    const Outcome outcome = run_apart(batch.runs[*run], campaign, stop);
    if (stop()) return;
    if (outcome.result.interrupted || !outcome.error.empty()) {
      ranks.send(0, fmt::format("{} {}", kFailed, *run));
      continue;
    }
    ranks.send(0, fmt::format("{} {} {}", kDone, *run,
                              stored_text(unit_of_run(batch, campaign, *run), outcome.result)));
  }
}

void refuse_rank_0(Ranks& ranks, const std::string& wrong) {
  ranks.send(0, fmt::format("{} {}", kRefuse, wrong));
}

}  // namespace macula::sim
