// Another program, run to its end.
//
//   auto ended = run_child({"./old/macula-sim", "run", "a.toml"}, log, stop);
//   if (!ended) return bad_input(ended.error());   // it could not be started, or a signal ended it
//   *ended;                                        // its exit code
#pragma once

#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace macula::sim {

// A program without a slash in its name is looked for in PATH. Its standard output goes nowhere,
// its error stream into the file `log`. It has the environment of this program but for what says
// which part of the work this is (sim/study/shard.h). Once `stop` returns true it is told to end,
// and waited for. Errors are for a person.
[[nodiscard]] tl::expected<int, std::string> run_child(const std::vector<std::string>& command,
                                                       const std::string& log,
                                                       const std::function<bool()>& stop);

// The last lines of a file, for a person: what a program said before it ended.
[[nodiscard]] std::string last_words(const std::string& log);

}  // namespace macula::sim
