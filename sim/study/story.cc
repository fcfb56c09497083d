#include "sim/study/story.h"

namespace macula::sim {

std::optional<Time> Story::down_since(const std::string& node, Time at) const {
  const auto life = lives.find(node);
  if (life == lives.end()) return std::nullopt;
  std::optional<Time> since;
  for (const auto& [time, up] : life->second) {
    if (time > at) break;
    since = up ? std::nullopt : std::optional(time);
  }
  return since;
}

std::vector<const StoryCopy*> Story::holders() const {
  std::vector<const StoryCopy*> holders;
  for (const StoryCopy& copy : copies) {
    if (!copy.to) holders.push_back(&copy);
  }
  return holders;
}

const StoryRequest* Story::last_answered() const {
  const StoryRequest* last = nullptr;
  for (const StoryRequest& request : requests) {
    if (!request.answered || *request.answered > operation.ended) continue;
    if (last == nullptr || *request.answered > *last->answered) last = &request;
  }
  return last;
}

}  // namespace macula::sim
