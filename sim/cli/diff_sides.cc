#include "sim/cli/diff_sides.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "sim/cli/compare_sides.h"
#include "sim/cli/other_program.h"
#include "sim/cli/run_all.h"
#include "sim/study/batch.h"
#include "sim/study/lockstep.h"
#include "sim/study/mapped_file.h"
#include "sim/study/parting.h"
#include "sim/study/store_contents.h"

namespace macula::sim {
namespace {

using Error = tl::unexpected<std::string>;
constexpr std::array<const char*, 2> kNames{"a", "b"};

std::string trace_of(std::size_t side) {
  return std::string(kNames[side]) + ".jsonl";
}

// A scenario with a seed, to be run by this program.
struct Replay {
  Campaign campaign;
  Batch batch;
  std::string about;
};

tl::expected<Replay, std::string> read_replay(const Kit& kit, const NamedRun& run,
                                              const Overrides& settings, const WorldKind& world) {
  Replay replay;
  replay.campaign.paths = {run.path};
  replay.campaign.seeds = SeedRange{run.seed, run.seed};
  replay.campaign.overrides = settings;
  replay.campaign.world = world;
  auto batch = make_batch(kit, replay.campaign);
  if (!batch) return Error(batch.error());
  if (batch->runs.size() != 1) return Error(run.path + " is more than one scenario: name one file");
  replay.batch = std::move(*batch);
  const std::string set = settings_text(settings);
  replay.about = fmt::format("{}, seed {}{}{}", run.path, run.seed, set.empty() ? "" : ", ", set);
  return replay;
}

// Runs them, both at a time, each with its files.
tl::expected<std::vector<RunResult>, std::string> run_replays(
    const std::vector<Replay*>& replays, const std::vector<RunFiles>& files,
    const std::function<void(std::size_t)>& ended = {}) {
  auto outcomes = run_all(replays.size(), 2, [&](std::size_t i) {
    return AskedRun{&replays[i]->batch.runs[0], &replays[i]->campaign, files[i], [&ended, i] {
                      if (ended) ended(i);
                    }};
  });
  if (!outcomes) return Error(std::string());
  std::vector<RunResult> results;
  for (Outcome& outcome : *outcomes) {
    if (!outcome.error.empty()) return Error(outcome.error);
    results.push_back(std::move(outcome.result));
  }
  return results;
}

// How many checkpoints the two have that are the same, from the start.
std::size_t same_checkpoints(const RunResult& a, const RunResult& b) {
  const std::size_t shared = std::min(a.checkpoints.size(), b.checkpoints.size());
  std::size_t same = 0;
  while (same < shared && a.checkpoints[same].digest == b.checkpoints[same].digest) ++same;
  return same;
}

// The events among which two runs part, and some before and after: from the checkpoint before the
// last that they share to the one after the next. All events for runs without any.
EventRange parting_range(const RunResult& a, const RunResult& b, std::size_t same) {
  const auto& checkpoints = a.checkpoints.empty() ? b.checkpoints : a.checkpoints;
  EventRange range;
  if (checkpoints.empty()) return range;
  const std::uint64_t every = checkpoints.front().events;
  if (same >= 2) range.first = (same - 1) * every + 1;
  range.last = (same + 2) * every;
  return range;
}

struct Replayed {
  bool parted = false;  // the files differ
  bool ended = false;   // there are no events behind the range
};

// Runs both again up to the end of the range, with its events in their files.
tl::expected<Replayed, std::string> replay_range(std::array<Replay, 2>& replays, EventRange range,
                                                 const DiffSides& found) {
  std::vector<RunFiles> files(2);
  for (std::size_t i = 0; i < 2; ++i) {
    files[i].trace = found.sides[i].trace;
    files[i].traced = range;
    std::uint64_t& most = replays[i].batch.scenarios[0].max_events;
    if (range.last < most) most = range.last;
  }
  const auto results = run_replays({&replays[0], &replays[1]}, files);
  if (!results) return Error(results.error());
  const auto a = MappedFile::open(found.sides[0].trace);
  if (!a) return Error(a.error());
  const auto b = MappedFile::open(found.sides[1].trace);
  if (!b) return Error(b.error());
  return Replayed{first_parting(a->text(), b->text(), 0).has_value(),
                  std::all_of(results->begin(), results->end(),
                              [&](const RunResult& each) { return each.events < range.last; })};
}

// Two replays: side by side, to find the checkpoints between which they part, and again up to
// there, to see what happens. The first difference may show in no trace: it shows in later events,
// so that more and more is run until it does.
tl::expected<DiffSides, std::string> replay_both(std::array<Replay, 2>& replays,
                                                 const ScratchFolder& scratch) {
  Lockstep lockstep;
  std::vector<RunFiles> files(2);
  for (std::size_t i = 0; i < 2; ++i) {
    files[i].enough = [&lockstep, i](const auto& so_far) { return lockstep.parted(i, so_far); };
  }
  const auto results = run_replays({&replays[0], &replays[1]}, files,
                                   [&lockstep](std::size_t i) { lockstep.ended(i); });
  if (!results) return Error(results.error());
  const RunResult& first = (*results)[0];
  const RunResult& second = (*results)[1];
  DiffSides found;
  for (std::size_t i = 0; i < 2; ++i) {
    found.sides[i] = {replays[i].about, this_program(), (*results)[i].digest, (*results)[i].events,
                      scratch.path(trace_of(i).c_str())};
  }
  const std::size_t same = same_checkpoints(first, second);
  if (same < std::min(first.checkpoints.size(), second.checkpoints.size())) {
    found.parted_within = first.checkpoints[same].events;
  }
  if (found.same()) return found;
  const std::array<std::uint64_t, 2> most{replays[0].batch.scenarios[0].max_events,
                                          replays[1].batch.scenarios[0].max_events};
  for (EventRange range = parting_range(first, second, same);; range.last *= 2) {
    for (std::size_t i = 0; i < 2; ++i) replays[i].batch.scenarios[0].max_events = most[i];
    const auto replayed = replay_range(replays, range, found);
    if (!replayed) return Error(replayed.error());
    if (replayed->parted || replayed->ended) return found;
  }
}

tl::expected<DiffSide, std::string> side_of_folder(const std::string& folder) {
  const auto read = read_run_folder(folder);
  if (!read) return Error(read.error());
  return DiffSide{
      fmt::format("{}, seed {}, {}", folder, read->result.seed, program_text(read->program)),
      read->program,
      read->result.digest,
      read->result.events,
      read->trace,
      true};
}

// Where two runs part is seen only in whole traces. The error names one that is not.
tl::expected<DiffSides, std::string> with_whole_traces(DiffSides found) {
  if (found.same()) return found;
  for (const DiffSide& side : found.sides) {
    if (!side.kept) continue;
    const auto trace = MappedFile::open(side.trace);
    if (!trace) return Error(trace.error());
    if (std::string wrong = trace_fault(trace->text()); !wrong.empty()) {
      return Error(side.trace + ": " + wrong);
    }
  }
  return found;
}

tl::expected<DiffSide, std::string> side_of_program(const std::string& program,
                                                    const ProgramRuns& runs,
                                                    const std::string& out) {
  if (auto ran = run_by_program(runs, out); !ran) return Error(ran.error());
  const auto folders = run_folders_in(out);
  if (folders.size() != 1) return Error(program + " has written no folder of its run");
  auto side = side_of_folder(out + "/" + folders[0]);
  if (side) {
    const std::string set = settings_text(runs.settings);
    side->about = fmt::format("{}, {}{}{}", program, program_text(side->program),
                              set.empty() ? "" : ", ", set);
  }
  return side;
}

// A run of this program, with all of its events.
tl::expected<DiffSide, std::string> whole_replay(Replay& replay, const std::string& trace) {
  RunFiles files;
  files.trace = trace;
  const auto results = run_replays({&replay}, {files});
  if (!results) return Error(results.error());
  return DiffSide{replay.about, this_program(), (*results)[0].digest, (*results)[0].events, trace};
}

// Two folders of many runs: the first runs that both have and that differ.
tl::expected<DiffSides, std::string> of_stores(const std::string& a, const std::string& b) {
  const auto names_a = run_folders_in(a);
  const auto names_b = run_folders_in(b);
  DiffSides found;
  std::size_t shared = 0;
  std::size_t differ = 0;
  std::string first;
  for (const std::string& name : names_a) {
    if (std::find(names_b.begin(), names_b.end(), name) == names_b.end()) continue;
    auto of_a = side_of_folder(fmt::format("{}/{}", a, name));
    if (!of_a) return Error(of_a.error());
    auto of_b = side_of_folder(fmt::format("{}/{}", b, name));
    if (!of_b) return Error(of_b.error());
    const DiffSides pair{{std::move(*of_a), std::move(*of_b)}, {}};
    if (shared++ == 0 || (differ == 0 && !pair.same())) found = pair;
    if (!pair.same() && differ++ == 0) first = name;
  }
  if (shared == 0) {
    for (const auto& [folder, names] : {std::pair(&a, &names_a), {&b, &names_b}}) {
      if (!names->empty() || !files_of_store(*folder)) continue;
      return Error(*folder +
                   " is a store without traces: run it again without --store-only, into "
                   "another folder");
    }
    return Error(fmt::format(
        "{} and {} have no run in common: they are to be folders of one run, as DIR/NAME-SEED, or "
        "of many, with such folders in them",
        a, b));
  }
  found.note = fmt::format("{} of {} runs differ", differ, shared);
  if (differ != 0) found.note += "; the first: " + first;
  return with_whole_traces(std::move(found));
}

}  // namespace

tl::expected<DiffSides, std::string> diff_sides(const Kit& kit, const DiffArguments& arguments,
                                                const ScratchFolder& scratch) {
  const std::array<const NamedRun*, 2> runs{&arguments.a, &arguments.b};
  const std::array<const Overrides*, 2> settings{&arguments.settings_a, &arguments.settings_b};
  const std::array<const std::string*, 2> programs{&arguments.program_a, &arguments.program_b};
  if (runs[0]->is_folder && runs[1]->is_folder && !is_run_folder(runs[0]->path) &&
      !is_run_folder(runs[1]->path)) {
    return of_stores(runs[0]->path, runs[1]->path);
  }
  const bool by_programs = !programs[0]->empty();
  std::array<Replay, 2> replays;
  for (std::size_t i = 0; i < 2; ++i) {
    if (by_programs || runs[i]->is_folder) continue;
    auto replay = read_replay(kit, *runs[i], *settings[i], arguments.world);
    if (!replay) return Error(replay.error());
    replays[i] = std::move(*replay);
  }
  if (!by_programs && !runs[0]->is_folder && !runs[1]->is_folder) {
    return replay_both(replays, scratch);
  }
  DiffSides found;
  for (std::size_t i = 0; i < 2; ++i) {
    tl::expected<DiffSide, std::string> side;
    if (by_programs) {
      const ProgramRuns asked{
          *programs[i],        runs[i]->path, *settings[i], {runs[i]->seed, runs[i]->seed}, 1,
          arguments.world.name};
      side = side_of_program(*programs[i], asked, scratch.path(kNames[i]));
    } else if (runs[i]->is_folder) {
      side = side_of_folder(runs[i]->path);
    } else {
      side = whole_replay(replays[i], scratch.path(trace_of(i).c_str()));
    }
    if (!side) return Error(side.error());
    found.sides[i] = std::move(*side);
  }
  return with_whole_traces(std::move(found));
}

}  // namespace macula::sim
