#include "sim/study/story_teller.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/units.h"

namespace macula::sim {
namespace {

std::size_t count(const std::map<std::string, std::size_t>& packets, const std::string& fate) {
  const auto known = packets.find(fate);
  return known != packets.end() ? known->second : 0;
}

std::string head_of(const Story& story) {
  const StoryOperation& own = story.operation;
  std::string text = own.verb;
  for (const auto& [key, name] : own.names) text += fmt::format(" {}", name);
  text += fmt::format(" by {}", own.by);
  if (!own.label.empty()) text += fmt::format(", '{}'", own.label);
  text += fmt::format(": began at {}, {} after {}\n", short_time(own.begun),
                      story.ok() ? "succeeded" : "ended with " + own.outcome,
                      short_duration(own.ended - own.begun));
  if (!own.id.empty()) text += fmt::format("  id {}\n", own.id);
  return text;
}

std::string bits_of(const std::optional<unsigned>& bits) {
  return bits ? fmt::format("{:>3} bits", *bits) : std::string();
}

std::string requests_of(const Story& story) {
  if (story.requests.empty()) return fmt::format("{} asked nobody\n", story.operation.by);
  std::string text = fmt::format("{} asked", story.operation.by);
  const bool keyed = !story.operation.id.empty();
  text += keyed ? " (and the first bits that the asked node's id shares with the key's)\n" : "\n";
  std::size_t width = 0;
  std::size_t message = 0;
  for (const StoryRequest& request : story.requests) {
    width = std::max(width, request.to.size());
    message = std::max(message, request.message.size());
  }
  for (const StoryRequest& request : story.requests) {
    text += fmt::format(
        "  +{:<9} {:<{}} {:<{}} {}  {}\n", short_duration(request.sent - story.operation.begun),
        request.to.empty() ? "nobody" : request.to, std::max(width, std::size_t{6}),
        request.message, message, bits_of(request.shared_bits),
        (request.via.empty() ? "" : "by way of " + request.via + ": ") + fate_of(story, request));
  }
  if (story.by_others > 0) {
    text += fmt::format("  and {} messages of other nodes on account of it\n", story.by_others);
  }
  return text;
}

std::string writes_of(const Story& story) {
  std::string text;
  for (const StoryOperation& write : story.writes) {
    text += fmt::format("  {:<10} {} by {}: {}", short_time(write.begun), write.verb, write.by,
                        write.outcome.empty() ? "under way" : write.outcome);
    const Time until = story.operation.ended;
    if (const auto crashed = story.crashed_between(write.by, write.begun, until)) {
      text += fmt::format("; {} crashed at {}{}", write.by, short_time(*crashed),
                          story.down_since(write.by, until) ? "" : " and came back");
    }
    text += '\n';
  }
  return text.empty() ? text : "written under the key\n" + text;
}

std::string copies_of(const Story& story) {
  if (story.operation.id.empty()) return {};
  std::string text;
  for (const StoryCopy& copy : story.copies) {
    const auto bits = story.end.bits.find(copy.node);
    text += fmt::format(
        "  {:<12} {}  from {}", copy.node,
        bits_of(bits != story.end.bits.end() ? std::optional(bits->second) : std::nullopt),
        short_time(copy.from));
    if (!copy.to) {
      const auto& cut = story.end.cut_off;
      const bool off = std::find(cut.begin(), cut.end(), copy.node) != cut.end();
      text += fmt::format(", still at the end{}",
                          off ? ", cut off from " + story.operation.by : std::string());
    } else {
      text += fmt::format(" to {}, when it {}", short_time(*copy.to),
                          copy.crashed ? "crashed" : "ended");
    }
    text += '\n';
  }
  if (text.empty()) {
    return fmt::format("seen at no node (looked at every {})\n", short_duration(story.look_every));
  }
  return fmt::format("held by (looked at every {})\n{}", short_duration(story.look_every), text);
}

}  // namespace

std::string short_duration(Duration duration) {
  using std::chrono::microseconds;
  const Duration unit = duration < std::chrono::seconds(1) ? microseconds(100) : microseconds(1000);
  return describe_duration((duration + unit / 2) / unit * unit);
}

std::string short_time(Time time) {
  return short_duration(time - kTimeZero);
}

namespace {

std::size_t lost_packets(const StoryRequest& request) {
  return count(request.there, "lost") + count(request.back, "lost");
}

// Why no answer came until then; empty: nothing is known that would have kept it away.
std::string obstacle(const Story& story, const StoryRequest& request, Time until) {
  if (request.to.empty()) return "nobody listens there";
  if (const auto since = story.down_since(request.to, until)) {
    const Duration before = request.sent - *since;
    return before >= Duration{0}
               ? fmt::format("dead, it had crashed {} before", short_duration(before))
               : fmt::format("it crashed {} later", short_duration(-before));
  }
  if (!request.via.empty()) {
    const auto since = story.down_since(request.via, until);
    if (since)
      return fmt::format("its gateway {} had crashed at {}", request.via, short_time(*since));
  }
  if (count(request.there, "cut") + count(request.back, "cut") > 0) return "cut off";
  if (const auto since = story.paused_since(request.to, until)) {
    return fmt::format("held still since {}", short_time(*since));
  }
  const std::size_t lost = lost_packets(request);
  if (lost > 0 && !request.handed) return fmt::format("{} packets there lost", lost);
  if (lost > 0) return fmt::format("{} packets lost, there and back", lost);
  if (request.there.empty()) {
    const auto dial = story.dials.find(request.to);
    const bool cut = dial != story.dials.end() && count(dial->second, "cut") > 0;
    return cut ? "cut off" : "no connection came about";
  }
  return {};
}

std::string with(const std::string& text, const std::string& reason) {
  return reason.empty() ? text : text + ": " + reason;
}

}  // namespace

Attention attention_of(const StoryRequest& request) {
  if (request.answered) return Attention::answered;
  if (request.failed) return Attention::given_up;
  if (request.cancelled) return Attention::dropped;
  return request.one_way ? Attention::told : Attention::open;
}

std::string fate_of(const Story& story, const StoryRequest& request) {
  const auto after = [&](Time time) { return short_duration(time - request.sent); };
  switch (attention_of(request)) {
    case Attention::answered: {
      std::string text = "answered after " + after(*request.answered);
      if (const std::size_t lost = lost_packets(request)) {
        text += fmt::format(", {} packet{} lost on the way", lost, lost == 1 ? "" : "s");
      }
      return request.answer.empty() ? text : text + ": " + request.answer;
    }
    case Attention::given_up: {
      if (request.reason != "timeout") {
        return fmt::format("failed after {}: {}", after(*request.failed), request.reason);
      }
      const std::string text = "was silent, given up after " + after(*request.failed);
      const std::string reason = obstacle(story, request, *request.failed);
      if (!reason.empty()) return with(text, reason);
      if (count(request.back, "late") > 0) return text + ": slow, its answer came too late";
      return text + (request.handed ? ": slow, it had been reached" : ": slow");
    }
    case Attention::dropped:
      return with("was not waited for any longer after " + after(*request.cancelled),
                  obstacle(story, request, *request.cancelled));
    case Attention::told:
      return "was told after " + after(*request.handed);
    case Attention::open: {
      const Time ended = story.operation.ended;
      if (request.sent >= ended) return "was sent as it ended";
      return with("had not answered when it ended, after " + after(ended),
                  obstacle(story, request, ended));
    }
  }
  return {};
}

std::string told(const Story& story) {
  return head_of(story) + requests_of(story) + writes_of(story) + copies_of(story) +
         "cause: " + cause_of(story) + '\n';
}

}  // namespace macula::sim
