#include "sim/study/story_collector.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace macula::sim {
namespace {

using Json = nlohmann::json;

// Looks cost a question to each node: no more than one a second.
constexpr Duration kShortest = std::chrono::seconds(1);

Time time_of(const Json& line) {
  return time_from_ns(line.at("t").get<std::int64_t>());
}

// The fields of an answer that are not the same in all lines.
std::string content_of(const Json& line) {
  static const std::set<std::string> common{
      "t",     "event", "kind",    "from", "to",      "exchange",   "operation",
      "after", "cause", "message", "hash", "carries", "destination"};
  std::string text;
  for (const auto& [name, value] : line.items()) {
    if (common.count(name) != 0 || !value.is_string()) continue;
    text += (text.empty() ? "" : ", ") + name + " " + value.get<std::string>();
  }
  return text;
}

}  // namespace

StoryOperation read_begun(const Kit& kit, const Json& line) {
  static const std::set<std::string> common{"t",    "kind",  "from", "operation",
                                            "verb", "label", "id"};
  StoryOperation operation;
  operation.name = line.at("operation");
  operation.verb = line.at("verb");
  operation.by = line.at("from");
  operation.label = line.value("label", "");
  operation.id = line.value("id", "");
  operation.begun = operation.ended = time_of(line);
  for (const auto& [name, value] : line.items()) {
    if (common.count(name) == 0 && value.is_string())
      operation.names.emplace_back(name, value.get<std::string>());
  }
  const Verb* verb = find_verb(kit, operation.verb);
  if (verb != nullptr && verb->operation) operation.effect = verb->operation->effect;
  return operation;
}

void read_ended(const Json& line, StoryOperation& operation) {
  operation.ended = time_of(line);
  operation.outcome = line.at("outcome");
}

StoryCollector::StoryCollector(const Kit& kit, StoryOperation operation,
                               std::uint64_t most_questions)
    : kit_(&kit), most_questions_(most_questions) {
  story_.operation = std::move(operation);
}

TraceFilter StoryCollector::filter() const {
  TraceFilter filter;
  filter.operations = {story_.operation.name};
  filter.always = {"begun", "ended", "crash", "restart", "pause", "resume"};
  return filter;
}

// ----- lines -----

void StoryCollector::take(std::string_view text) {
  if (!done_) take(Json::parse(text));
}

void StoryCollector::take(const Json& line) {
  if (done_) return;
  const std::string kind = line.at("kind");
  if (kind == "crash" || kind == "restart") {
    story_.lives[line.at("from")].emplace_back(time_of(line), kind == "restart");
  } else if (kind == "pause" || kind == "resume") {
    story_.pauses[line.at("from")].emplace_back(time_of(line), kind == "resume");
  } else if (kind == "begun" || kind == "ended") {
    take_write(line);
  } else if (line.contains("operation") || line.contains("after")) {
    take_own(line);
  }
}

void StoryCollector::take_write(const Json& line) {
  const std::string name = line.at("operation");
  if (line.at("kind") == "ended") {
    const auto known = writes_.find(name);
    if (known != writes_.end()) read_ended(line, story_.writes[known->second]);
    return;
  }
  const StoryOperation& own = story_.operation;
  if (own.id.empty() || name == own.name || line.value("id", "") != own.id) return;
  StoryOperation write = read_begun(*kit_, line);
  if (write.effect != Effect::puts && write.effect != Effect::takes) return;
  writes_[name] = story_.writes.size();
  story_.writes.push_back(std::move(write));
}

StoryRequest* StoryCollector::request_of(const Json& line) {
  const auto known = requests_.find(line.value("exchange", ""));
  return known != requests_.end() ? &story_.requests[known->second] : nullptr;
}

void StoryCollector::take_own(const Json& line) {
  const std::string kind = line.at("kind");
  if (kind == "sent" && line.contains("operation")) {
    if (line.at("from") != story_.operation.by) {
      ++story_.by_others;
      pass_on(line);
      return;
    }
    requests_[line.at("exchange")] = story_.requests.size();
    StoryRequest request;
    request.sent = time_of(line);
    request.to = line.value("to", "");
    request.message = line.at("message");
    request.hash = line.value("hash", "");
    const std::string meant = name_of(line.value("destination", ""));
    if (!meant.empty() && meant != request.to) {
      request.via = std::exchange(request.to, meant);
      request.message = line.value("carries", request.message);
    }
    story_.requests.push_back(std::move(request));
    return;
  }
  StoryRequest* request = request_of(line);
  if (request == nullptr) {
    const bool dials = kind == "packet" && line.at("from") == story_.operation.by;
    if (dials) ++story_.dials[line.at("to")][line.at("fate")];
    return;
  }
  const Time now = time_of(line);
  if (kind == "packet") {
    const std::string from = line.at("from");
    const bool there = from == story_.operation.by ||
                       (from == request->via && line.value("to", "") == request->to);
    ++(there ? request->there : request->back)[line.at("fate")];
  } else if (kind == "request" || kind == "message") {
    if (line.value("to", "") == request->via) return;
    request->handed = now;
    request->one_way = kind == "message";
  } else if (kind == "reply" ? line.at("to") != story_.operation.by
                             : line.at("from") != story_.operation.by) {
    return;  // what a gateway hears
  } else if (kind == "reply") {
    request->answered = now;
    request->answer = content_of(line);
    request->error = line.value("error", "");
  } else if (kind == "failure") {
    request->failed = now;
    request->reason = line.value("reason", "");
  } else if (kind == "cancelled") {
    request->cancelled = now;
  }
}

// A gateway passes on what it was given, as it is.
void StoryCollector::pass_on(const Json& line) {
  const std::string from = line.at("from");
  for (std::size_t i = 0; i < story_.requests.size(); ++i) {
    const StoryRequest& request = story_.requests[i];
    const bool same = request.via == from && request.to == line.value("to", "") &&
                      request.hash == line.value("hash", "");
    if (same && !request.handed) requests_[line.at("exchange")] = i;
  }
}

// The name of the node with this id; empty: there is none.
std::string StoryCollector::name_of(const std::string& id) const {
  if (id.empty() || world_ == nullptr) return {};
  for (NodeNumber node = 0; node < world_->size(); ++node) {
    if (world_->community().id_text(node) == id) return world_->name(node);
  }
  return {};
}

// ----- looks -----

void StoryCollector::watch(World& world) {
  world_ = &world;
  const auto most = static_cast<std::int64_t>(
      std::max<std::uint64_t>(most_questions_ / std::max<std::size_t>(world.size(), 1), 1));
  story_.look_every = std::max<Duration>(kShortest, (story_.operation.ended - kTimeZero) / most);
  schedule(Time{});
}

void StoryCollector::schedule(Time at) {
  at = std::min(at, story_.operation.ended);
  world_->network().look_at(at, [this, at] { look(at); });
}

void StoryCollector::look(Time at) {
  const KeyedView* keyed = world_->community().keyed();
  if (keyed != nullptr && !story_.operation.id.empty()) look_at_copies(at);
  if (at == story_.operation.begun) look_at_cuts();
  if (at < story_.operation.ended) {
    const bool before = at < story_.operation.begun;
    const Time next = at + story_.look_every;
    schedule(before ? std::min(next, story_.operation.begun) : next);
  } else {
    look_at_end();
    done_ = true;
  }
}

void StoryCollector::look_at_copies(Time now) {
  const KeyedView& keyed = *world_->community().keyed();
  for (NodeNumber node = 0; node < world_->size(); ++node) {
    const bool holds = keyed.holds(node, story_.operation.id);
    const auto held = held_.find(node);
    if (holds == (held != held_.end())) continue;
    const std::string& name = world_->name(node);
    if (holds) {
      held_[node] = story_.copies.size();
      story_.copies.push_back({name, now, {}, false});
      continue;
    }
    StoryCopy& copy = story_.copies[held->second];
    copy.to = now;
    // Its death is known to the instant, and was after the look before.
    for (const auto& [time, up] : story_.lives[name]) {
      if (up || time < std::max(copy.from, now - story_.look_every)) continue;
      copy.to = time;
      copy.crashed = true;
      break;
    }
    held_.erase(held);
  }
}

// Where a node stands behind another, the way goes over that one.
bool StoryCollector::cut_off(NodeNumber a, NodeNumber b) const {
  const auto cut = [&](NodeNumber from, NodeNumber to) {
    const Medium& medium = world_->network().medium();
    return medium.parts(from, to) || medium.parts(to, from);
  };
  if (world_->scenario().reach == Reach::relay) {
    const std::string& gateway = world_->roster().population(b).relay;
    if (!gateway.empty()) {
      const NodeNumber over = world_->roster().find(gateway);
      return cut(a, over) || cut(over, b);
    }
  }
  return cut(a, b);
}

// As the operation begins.
void StoryCollector::look_at_cuts() {
  const NodeNumber by = world_->roster().find(story_.operation.by);
  for (NodeNumber node = 0; node < world_->size(); ++node) {
    if (node != by && cut_off(by, node)) cut_at_first_.insert(world_->name(node));
  }
}

void StoryCollector::look_at_end() {
  const StoryOperation& own = story_.operation;
  const KeyedView* keyed = world_->community().keyed();
  const Roster& roster = world_->roster();
  const NodeNumber by = roster.find(own.by);
  const auto had_packets_cut = [&](const std::string& node) {
    return std::any_of(story_.requests.begin(), story_.requests.end(), [&](const auto& request) {
      return request.to == node && request.there.count("cut") + request.back.count("cut") > 0;
    });
  };
  for (const StoryCopy* copy : story_.holders()) {
    const std::string& node = copy->node;
    const bool all_along = cut_at_first_.count(node) > 0 && cut_off(by, roster.find(node));
    if (all_along || had_packets_cut(node)) story_.end.cut_off.push_back(node);
  }
  if (world_->up(by)) {
    if (const auto contacts = world_->community().contacts(by)) {
      story_.end.contacts = contacts->size();
    }
  }
  if (keyed == nullptr || own.id.empty()) return;
  for (StoryRequest& request : story_.requests) {
    if (!request.to.empty())
      request.shared_bits = keyed->shared_bits(roster.find(request.to), own.id);
  }
  for (const StoryCopy& copy : story_.copies) {
    story_.end.bits[copy.node] = keyed->shared_bits(roster.find(copy.node), own.id);
  }
}

Story StoryCollector::story() const {
  return story_;
}

}  // namespace macula::sim
