#include "sim/cli/run_all.h"

#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "sim/cli/interrupt.h"
#include "sim/cli/progress.h"
#include "sim/study/ordered_pool.h"

namespace macula::sim {

std::optional<std::vector<Outcome>> run_all(std::size_t count, unsigned jobs,
                                            const std::function<AskedRun(std::size_t)>& asked) {
  std::vector<Outcome> outcomes(count);
  Progress progress(isatty(STDERR_FILENO) != 0, count);
  std::size_t ended = 0;
  OrderedWork ordered;
  ordered.work = [&](std::size_t i, const GiveUpThread& give_up) {
    const AskedRun one = asked(i);
    const auto end = [&one] {
      if (one.ended) one.ended();
    };
    const auto crashed = [&] {
      end();
      give_up();
    };
    run_on_thread(*one.run, *one.campaign, one.files, interrupted, crashed, outcomes[i]);
    end();
  };
  ordered.done = [&](std::size_t) { ++ended; };
  ordered.tick = [&] { progress.show(ended, 0); };
  ordered.stop = interrupted;
  const WorkDone all = run_ordered(count, jobs, std::move(ordered));
  progress.clear();
  // Runs that still go on hold on to all this.
  if (all.running) std::_Exit(exit_code_of_signal(signal_received()));
  if (interrupted()) return std::nullopt;
  return outcomes;
}

}  // namespace macula::sim
