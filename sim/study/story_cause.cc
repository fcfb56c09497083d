// One sentence: why an operation ended as it did.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <vector>

#include "sim/scenario/error_codes.h"
#include "sim/study/story_teller.h"

namespace macula::sim {
namespace {

constexpr std::size_t kNamed = 5;  // of a list of nodes
constexpr std::size_t kFew = 3;    // contacts of a node that is nearly alone

std::string at(Time time) {
  return short_duration(time - kTimeZero);
}

std::string listed(const std::vector<std::string>& names) {
  const std::vector<std::string> first(
      names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kNamed)));
  const std::string text = fmt::format("{}", fmt::join(first, ", "));
  return names.size() > kNamed ? fmt::format("{} and {} others", text, names.size() - kNamed)
                               : text;
}

// The last write that ended well, of this kind; nullptr: there is none.
const StoryOperation* last_write(const Story& story, Effect effect) {
  const StoryOperation* last = nullptr;
  for (const StoryOperation& write : story.writes) {
    if (write.effect == effect && write.begun <= story.operation.ended) last = &write;
  }
  return last;
}

std::string life_of(const Story& story, const StoryOperation& write) {
  const auto since = story.down_since(write.by, story.operation.ended);
  if (!since) return "is up";
  if (*since < write.begun) return "was down";
  return fmt::format("crashed after {}", short_duration(*since - write.begun));
}

// No live node held it.
std::string unheld(const Story& story) {
  const StoryOperation* put = last_write(story, Effect::puts);
  const StoryOperation* taken = last_write(story, Effect::takes);
  if (put == nullptr && story.copies.empty()) return "nobody had stored it before";
  std::string text = "no live node held it";
  if (taken != nullptr && (put == nullptr || taken->begun > put->begun)) {
    return fmt::format("{}: {} had withdrawn it {} before", text, taken->by,
                       short_duration(story.operation.begun - taken->begun));
  }
  if (put != nullptr) {
    const std::string ended =
        put->outcome == "ok" || put->outcome.empty() ? "" : fmt::format(" ({})", put->outcome);
    text += fmt::format(": stored{} {} before by {}, which {}", ended,
                        short_duration(story.operation.begun - put->begun), put->by,
                        life_of(story, *put));
  }
  const auto last =
      std::max_element(story.copies.begin(), story.copies.end(),
                       [](const StoryCopy& a, const StoryCopy& b) { return *a.to < *b.to; });
  if (last == story.copies.end()) return text + "; no copy of it ever came about";
  return fmt::format("{}; the last copy, on {}, {} at {}", text, last->node,
                     last->crashed ? "was lost with that node" : "ended", at(*last->to));
}

// "8 live nodes held it (a, b), 7 of them cut off from c".
std::string holders_of(const Story& story, const std::vector<std::string>& names) {
  const std::size_t cut = story.end.cut_off.size();
  std::string text = fmt::format("{} live node{} held it ({})", names.size(),
                                 names.size() == 1 ? "" : "s", listed(names));
  if (cut == 0) return text;
  return fmt::format("{}, {} cut off from {}", text,
                     cut == names.size() ? "all" : fmt::format("{} of them", cut),
                     story.operation.by);
}

// Live nodes held it, and it was not found.
std::string held_in_vain(const Story& story) {
  std::vector<std::string> names;
  for (const StoryCopy* copy : story.holders()) names.push_back(copy->node);
  std::string text = holders_of(story, names);
  if (story.end.cut_off.size() == names.size()) return text;
  if (story.requests.empty()) {
    return fmt::format("{}; {} asked nobody: it knew {} nodes", text, story.operation.by,
                       story.end.contacts);
  }
  std::vector<std::string> fates;
  std::set<std::string> asked;
  for (const StoryRequest& request : story.requests) {
    asked.insert(request.to);
    if (std::find(names.begin(), names.end(), request.to) == names.end()) continue;
    fates.push_back(fmt::format("{} {}", request.to, fate_of(story, request)));
  }
  if (fates.empty()) {
    text += fmt::format("; none of them was among the {} nodes that were asked", asked.size());
  } else {
    text += fmt::format("; of them {}", listed(fates));
  }
  std::vector<std::string> left;
  for (const std::string& name : names) {
    const auto& cut = story.end.cut_off;
    const bool off = std::find(cut.begin(), cut.end(), name) != cut.end();
    if (!off && asked.count(name) == 0) left.push_back(name);
  }
  if (!fates.empty() && !left.empty()) text += fmt::format("; {} had not been asked", listed(left));
  const auto silent =
      std::count_if(story.requests.begin(), story.requests.end(),
                    [](const StoryRequest& request) { return !request.answered.has_value(); });
  if (silent > 0) {
    text += fmt::format("; {} of {} requests had no answer", silent, story.requests.size());
  }
  if (story.end.contacts <= kFew) {
    text += fmt::format("; {} knew {} node{} only", story.operation.by, story.end.contacts,
                        story.end.contacts == 1 ? "" : "s");
  }
  return text;
}

// Of one that succeeded.
std::string success(const Story& story) {
  const StoryRequest* last = story.last_answered();
  if (last == nullptr) return fmt::format("{} needed no other node for it", story.operation.by);
  return fmt::format("{} answered after {}{}, of {} request{} sent for it", last->to,
                     short_duration(*last->answered - last->sent),
                     last->answer.empty() ? "" : " and " + last->answer, story.requests.size(),
                     story.requests.size() == 1 ? "" : "s");
}

// What others did, or did not.
std::string by_requests(const Story& story) {
  if (story.requests.empty()) {
    return fmt::format("{} asked nobody: it knew {} nodes", story.operation.by, story.end.contacts);
  }
  std::vector<std::string> fates;
  std::size_t answered = 0;
  for (const StoryRequest& request : story.requests) {
    if (request.answered) {
      ++answered;
    } else {
      fates.push_back(fmt::format("{} {}", request.to.empty() ? "nobody" : request.to,
                                  fate_of(story, request)));
    }
  }
  if (fates.empty()) return fmt::format("all {} requests were answered", answered);
  return fmt::format("{} of {} requests had no answer: {}", fates.size(), story.requests.size(),
                     listed(fates));
}

}  // namespace

std::string cause_of(const Story& story) {
  const StoryOperation& own = story.operation;
  if (story.ok()) return success(story);
  const Duration lasted = own.ended - own.begun;
  if (own.outcome == "crashed")
    return fmt::format("{} crashed {} after it had begun", own.by, short_duration(lasted));
  if (own.outcome == "cancelled") {
    return fmt::format("the scenario cancelled it after {}; until then {}", short_duration(lasted),
                       by_requests(story));
  }
  if (own.outcome == kUnfinished) return "the run ended before it did";
  if (own.effect == Effect::reads && !own.id.empty()) {
    return story.holders().empty() ? unheld(story) : held_in_vain(story);
  }
  return by_requests(story);
}

}  // namespace macula::sim
