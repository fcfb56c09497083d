// One sentence: why an operation ended as it did.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/error_codes.h"
#include "sim/study/story_teller.h"

namespace macula::sim {
namespace {

constexpr std::size_t kNodesNamed = 5;   // of a list of nodes
constexpr std::size_t kFewContacts = 3;  // contacts of a node that is nearly alone
constexpr std::string_view kNotFound = "not_found";

std::string listed(const std::vector<std::string>& names) {
  const std::vector<std::string> first(
      names.begin(),
      names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kNodesNamed)));
  const std::string text = fmt::format("{}", fmt::join(first, ", "));
  return names.size() > kNodesNamed
             ? fmt::format("{} and {} others", text, names.size() - kNodesNamed)
             : text;
}

// The last write of this kind; nullptr: there is none.
const StoryOperation* last_write(const Story& story, Effect effect) {
  const StoryOperation* last = nullptr;
  for (const StoryOperation& write : story.writes) {
    if (write.effect == effect && write.begun <= story.operation.ended) last = &write;
  }
  return last;
}

// The last whose writer has not taken it back since; nullptr: all have.
const StoryOperation* last_standing(const Story& story) {
  std::map<std::string, const StoryOperation*> last;
  for (const StoryOperation& write : story.writes) {
    if (write.begun <= story.operation.ended) last[write.by] = &write;
  }
  const StoryOperation* standing = nullptr;
  for (const auto& [by, write] : last) {
    if (write->effect != Effect::puts) continue;
    if (standing == nullptr || write->begun > standing->begun) standing = write;
  }
  return standing;
}

std::string life_of(const Story& story, const StoryOperation& write) {
  const Time until = story.operation.ended;
  const auto crashed = story.crashed_between(write.by, write.begun, until);
  if (!crashed) return story.down_since(write.by, until) ? "was down" : "is up";
  return fmt::format("crashed after {}{}", short_duration(*crashed - write.begun),
                     story.down_since(write.by, until) ? "" : " and came back");
}

// No live node held it.
std::string unheld(const Story& story) {
  const StoryOperation* put = last_standing(story);
  const StoryOperation* taken = last_write(story, Effect::takes);
  if (put == nullptr && taken == nullptr && story.copies.empty()) {
    return "nobody had stored it before";
  }
  std::string text = "no live node held it";
  if (put == nullptr && taken != nullptr) {
    text += fmt::format(": {} had withdrawn it {} before", taken->by,
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
  if (last == story.copies.end()) {
    return fmt::format("{}; no copy was seen at any node, looked at every {}", text,
                       short_duration(story.look_every));
  }
  return fmt::format("{}; the last copy, on {}, {} at {}", text, last->node,
                     last->crashed ? "was lost with that node" : "ended", short_time(*last->to));
}

// Whether it was waited for at all: no one-way message, and nothing that left as it ended.
bool is_waited_for(const Story& story, const StoryRequest& request) {
  return attention_of(request) != Attention::told && request.sent < story.operation.ended;
}
bool is_unanswered(const Story& story, const StoryRequest& request) {
  return is_waited_for(story, request) && !request.answered;
}

std::size_t waited_for(const Story& story) {
  return static_cast<std::size_t>(
      std::count_if(story.requests.begin(), story.requests.end(),
                    [&](const StoryRequest& request) { return is_waited_for(story, request); }));
}

// "8 live nodes held it (a, b), 7 of them cut off from c".
std::string holders_of(const Story& story, const std::vector<std::string>& names) {
  const std::size_t cut = story.end.cut_off.size();
  std::string text = fmt::format("{} live node{} held it ({})", names.size(),
                                 names.size() == 1 ? "" : "s", listed(names));
  if (cut == 0) return text;
  return fmt::format("{}, {}cut off from {}", text,
                     names.size() == 1     ? ""
                     : cut == names.size() ? "all "
                                           : fmt::format("{} of them ", cut),
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
                    [&](const StoryRequest& request) { return is_unanswered(story, request); });
  if (silent > 0) {
    text += fmt::format("; {} of {} requests had no answer", silent, waited_for(story));
  }
  if (story.end.contacts <= kFewContacts) {
    text += fmt::format("; {} knew {} node{} only", story.operation.by, story.end.contacts,
                        story.end.contacts == 1 ? "" : "s");
  }
  return text;
}

// The cause of a success.
std::string success(const Story& story) {
  const StoryOperation& own = story.operation;
  const StoryRequest* last = story.last_answered();
  const bool others = last != nullptr && story.held(last->to, *last->answered);
  if (own.effect == Effect::reads && !others && story.held(own.by, own.begun)) {
    return fmt::format("{} held it itself", own.by);
  }
  const std::size_t sent = story.requests.size();
  if (last == nullptr) {
    return sent == 0 ? fmt::format("{} needed no other node for it", own.by)
                     : fmt::format("{} sent {} message{} for it and waited for no answer", own.by,
                                   sent, sent == 1 ? "" : "s");
  }
  return fmt::format("{} answered after {}{}, of {} request{} sent for it", last->to,
                     short_duration(*last->answered - last->sent),
                     last->answer.empty() ? "" : " and " + last->answer, sent,
                     sent == 1 ? "" : "s");
}

// Its node was held still, and could do nothing meanwhile; empty: it was not.
std::string own_pause(const Story& story) {
  const StoryOperation& own = story.operation;
  const Duration paused = story.paused_between(own.by, own.begun, own.ended);
  return paused > Duration{0}
             ? fmt::format("{} was held still for {} of it; ", own.by, short_duration(paused))
             : std::string();
}

// The deeds and omissions of others. Requests that it gave up waiting for come first.
std::string by_requests(const Story& story) {
  if (story.requests.empty()) {
    return fmt::format("{} asked nobody: it knew {} nodes", story.operation.by, story.end.contacts);
  }
  std::vector<const StoryRequest*> without;
  for (const StoryRequest& request : story.requests) {
    if (is_unanswered(story, request)) without.push_back(&request);
  }
  const std::size_t waited = waited_for(story);
  if (waited == 0) {
    return fmt::format("{} ended it by itself, and waited for no answer", story.operation.by);
  }
  if (without.empty()) {
    return fmt::format("{} ended it by itself: all {} requests that it waited for were answered",
                       story.operation.by, waited);
  }
  const auto rank = [](const StoryRequest* request) {
    const Attention attention = attention_of(*request);
    return attention == Attention::given_up ? 0 : attention == Attention::open ? 1 : 2;
  };
  std::stable_sort(without.begin(), without.end(),
                   [&](const auto* a, const auto* b) { return rank(a) < rank(b); });
  std::vector<std::string> fates;
  fates.reserve(without.size());
  for (const StoryRequest* request : without) {
    fates.push_back(fmt::format("{} {}", request->to.empty() ? "nobody" : request->to,
                                fate_of(story, *request)));
  }
  return fmt::format("{} of {} requests had no answer: {}", fates.size(), waited, listed(fates));
}

// The last answer that is the error which it ended with; nullptr: there is none.
const StoryRequest* said_so(const Story& story) {
  const StoryRequest* last = nullptr;
  for (const StoryRequest& request : story.requests) {
    if (!request.answered || request.error != story.operation.outcome) continue;
    if (last == nullptr || *request.answered > *last->answered) last = &request;
  }
  return last;
}

// It was about what is held under a key, and ended without.
bool is_about_holders(const Story& story) {
  const StoryOperation& own = story.operation;
  if (own.id.empty()) return false;
  return own.effect == Effect::reads || (own.effect == Effect::none && own.outcome == kNotFound);
}

}  // namespace

std::string cause_of(const Story& story) {
  const StoryOperation& own = story.operation;
  if (story.ok()) return own_pause(story) + success(story);
  const Duration lasted = own.ended - own.begun;
  if (own.outcome == "crashed")
    return fmt::format("{} crashed {} after it had begun", own.by, short_duration(lasted));
  if (own.outcome == "cancelled") {
    return fmt::format("the scenario cancelled it after {}; until then {}", short_duration(lasted),
                       by_requests(story));
  }
  if (own.outcome == kUnfinished) return "the run ended before it did";
  const std::string paused = own_pause(story);
  if (const StoryRequest* request = said_so(story)) {
    return fmt::format("{}{} answered {} after {}", paused, request->to, own.outcome,
                       short_duration(*request->answered - request->sent));
  }
  if (is_about_holders(story)) {
    return paused + (story.holders().empty() ? unheld(story) : held_in_vain(story));
  }
  return paused + by_requests(story);
}

}  // namespace macula::sim
