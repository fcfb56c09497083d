#include "sim/study/story.h"

#include <algorithm>

namespace macula::sim {

namespace {

std::optional<Time> since(const Story::Turns& turns, const std::string& node, Time at) {
  const auto known = turns.find(node);
  if (known == turns.end()) return std::nullopt;
  std::optional<Time> since;
  for (const auto& [time, up] : known->second) {
    if (time > at) break;
    since = up ? std::nullopt : std::optional(time);
  }
  return since;
}

}  // namespace

std::optional<Time> Story::down_since(const std::string& node, Time at) const {
  return since(lives, node, at);
}

std::optional<Time> Story::paused_since(const std::string& node, Time at) const {
  return since(pauses, node, at);
}

std::optional<Time> Story::crashed_between(const std::string& node, Time after, Time until) const {
  const auto life = lives.find(node);
  if (life == lives.end()) return std::nullopt;
  for (const auto& [time, up] : life->second) {
    if (!up && time > after && time <= until) return time;
  }
  return std::nullopt;
}

Duration Story::paused_between(const std::string& node, Time from, Time to) const {
  const auto known = pauses.find(node);
  Duration paused{0};
  if (known == pauses.end()) return paused;
  std::optional<Time> begun;
  const auto add = [&](Time end) {
    if (begun) paused += std::max(Duration{0}, std::min(end, to) - std::max(*begun, from));
  };
  for (const auto& [time, up] : known->second) {
    if (up) add(time);
    begun = up ? std::nullopt : std::optional(time);
  }
  add(to);
  return paused;
}

std::vector<const StoryCopy*> Story::holders() const {
  std::vector<const StoryCopy*> holders;
  for (const StoryCopy& copy : copies) {
    if (!copy.to) holders.push_back(&copy);
  }
  return holders;
}

bool Story::held(const std::string& node, Time at) const {
  return std::any_of(copies.begin(), copies.end(), [&](const StoryCopy& copy) {
    return copy.node == node && copy.from <= at && (!copy.to || at <= *copy.to);
  });
}

const StoryRequest* Story::last_answered() const {
  const auto place = [&](const StoryRequest& request) {
    return std::pair(held(request.to, *request.answered), *request.answered);
  };
  const StoryRequest* last = nullptr;
  for (const StoryRequest& request : requests) {
    if (!request.answered || *request.answered > operation.ended) continue;
    if (last == nullptr || place(*last) < place(request)) last = &request;
  }
  return last;
}

}  // namespace macula::sim
