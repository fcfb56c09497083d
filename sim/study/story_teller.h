// Puts a story into words.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "sim/study/story.h"

namespace macula::sim {

// All of it, a block of lines for each part; the last line is its cause.
[[nodiscard]] std::string told(const Story& story);

// One sentence: why it ended as it did. It begins in lower case and has no full stop.
[[nodiscard]] std::string cause_of(const Story& story);

// How its node has done with a request.
enum class Attention : std::uint8_t {
  answered,
  given_up,  // no answer came in time
  dropped,   // an answer was not wanted any more
  told,      // a one-way message, which has arrived
  open,      // it was under way when the operation ended, or was lost and is one-way
};
[[nodiscard]] Attention attention_of(const StoryRequest& request);

// "was silent, given up after 2s: dead, it had crashed 10s before": what became of a request.
[[nodiscard]] std::string fate_of(const Story& story, const StoryRequest& request);

// To a tenth of a millisecond, and above a second to the millisecond: "49.1ms", "1min 30.5s".
[[nodiscard]] std::string short_duration(Duration duration);
// So, when: as long after the run's beginning.
[[nodiscard]] std::string short_time(Time time);

}  // namespace macula::sim
