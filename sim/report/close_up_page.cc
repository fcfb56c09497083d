#include "sim/report/close_up_page.h"

#include <algorithm>
#include <string>

#include "sim/run/replay.h"
#include "sim/scenario/program_name.h"
#include "sim/study/story_teller.h"

namespace macula::sim {
namespace {

double milliseconds(Duration duration) {
  return static_cast<double>(duration.count()) / 1e6;
}

double seconds(Time time) {
  return static_cast<double>(to_ns(time)) / 1e9;
}

// ----- lookups -----

// "answered"; "dead": nobody was there to answer; "silent": somebody was; "open": the lookup ended
// before.
const char* kind_of(const Story& story, const StoryRequest& request) {
  if (request.answered && *request.answered <= story.operation.ended) return "answered";
  const Time until = request.failed.value_or(request.cancelled.value_or(story.operation.ended));
  if (request.to.empty() || story.down_since(request.to, until)) return "dead";
  return request.failed ? "silent" : "open";
}

Time end_of(const Story& story, const StoryRequest& request) {
  const Time end = request.answered.value_or(
      request.failed.value_or(request.cancelled.value_or(story.operation.ended)));
  return std::min(end, story.operation.ended);
}

PageJson requests_page(const Story& story) {
  // An id has four bits to a digit.
  const auto bits = static_cast<unsigned>(4 * story.operation.id.size());
  PageJson requests = PageJson::array();
  for (const StoryRequest& request : story.requests) {
    if (requests.size() == kRequestsTold) break;
    const Duration at = request.sent - story.operation.begun;
    const Duration end = end_of(story, request) - story.operation.begun;
    requests.push_back({{"at", rounded(milliseconds(at))},
                        {"end", rounded(milliseconds(end))},
                        {"to", shown(request.to)},
                        {"message", shown(request.message)},
                        {"kind", kind_of(story, request)},
                        {"fate", shown(fate_of(story, request))}});
    PageJson& distance = requests.back()["distance"];
    if (request.shared_bits) distance = bits - std::min(bits, *request.shared_bits);
  }
  return requests;
}

// The command that tells all of it; empty: it cannot be asked for.
std::string why_command(const Group& group, const CloseLookup& lookup) {
  const StoryOperation& operation = lookup.story.operation;
  if (group.file.empty() || operation.label.empty()) return {};
  std::string command = program_name() + " why " + quoted_for_shell(group.file);
  command += " --label " + quoted_for_shell(operation.label);
  command += " --nth " + std::to_string(lookup.nth);
  command += " --seed " + std::to_string(most_telling(group).seed);
  return command + options_for_shell("--set", group.overrides);
}

PageJson lookup_page(const Group& group, const CloseLookup& lookup) {
  const Story& story = lookup.story;
  const StoryOperation& operation = story.operation;
  std::string title = operation.verb;
  for (const auto& [key, name] : operation.names) title += " " + name;
  return {{"title", shown(title + " by " + operation.by)},
          {"label", shown(operation.label)},
          {"chosen_as", lookup.chosen_as},
          {"at", rounded(seconds(operation.begun))},
          {"took", rounded(milliseconds(operation.ended - operation.begun))},
          {"outcome", shown(operation.outcome)},
          {"cause", shown(cause_of(story))},
          {"why", shown(why_command(group, lookup))},
          {"by_others", story.by_others},
          {"left_out", story.requests.size() - std::min(story.requests.size(), kRequestsTold)},
          {"requests", requests_page(story)}};
}

// ----- tables -----

PageJson bins_page(const IdSnapshot& snapshot) {
  PageJson bins = PageJson::array();
  for (const IdBin& bin : snapshot.bins) {
    bins.push_back({shown(bin.first), bin.nodes, bin.up, bin.contacts, bin.known});
  }
  return bins;
}

PageJson snapshot_page(const IdSnapshot& snapshot) {
  PageJson cells = PageJson::array();
  for (const IdCell& cell : snapshot.cells) cells.push_back({cell.row, cell.column, cell.contacts});
  PageJson ring = PageJson::array();
  for (const RingNode& node : snapshot.ring) {
    ring.push_back({{"name", shown(node.name)},
                    {"place", rounded(node.place)},
                    {"up", node.up},
                    {"side", node.side},
                    {"contacts", node.contacts},
                    {"known", node.known}});
  }
  return {{"at", rounded(seconds(snapshot.at))},
          {"nodes", snapshot.nodes},
          {"up", snapshot.up},
          {"bins", bins_page(snapshot)},
          {"cells", std::move(cells)},
          {"ring", std::move(ring)}};
}

// ----- nodes -----

PageJson figure_page(const NodeFigure& figure) {
  PageJson nodes = PageJson::array();
  for (const OutstandingNode& node : figure.outstanding) {
    nodes.push_back({{"name", shown(node.name)},
                     {"value", rounded(node.value)},
                     {"score", rounded(node.score)}});
  }
  return {{"name", figure.name},
          {"unit", figure.unit},
          {"nodes", figure.nodes},
          {"median", rounded(figure.median)},
          {"greatest", rounded(figure.greatest)},
          {"outstanding", std::move(nodes)}};
}

}  // namespace

PageJson close_up_page(const Group& group) {
  const CloseUp& close_up = *group.close_up;
  PageJson lookups = PageJson::array();
  for (const CloseLookup& lookup : close_up.lookups) {
    lookups.push_back(lookup_page(group, lookup));
  }
  PageJson snapshots = PageJson::array();
  for (const IdSnapshot& snapshot : close_up.snapshots) {
    snapshots.push_back(snapshot_page(snapshot));
  }
  PageJson figures = PageJson::array();
  for (const NodeFigure& figure : close_up.figures) figures.push_back(figure_page(figure));
  return {{"seed", std::to_string(most_telling(group).seed)},
          {"lookups_ended", close_up.lookups_ended},
          {"lookups_failed", close_up.lookups_failed},
          {"lookups", std::move(lookups)},
          {"snapshots", std::move(snapshots)},
          {"figures", std::move(figures)}};
}

}  // namespace macula::sim
