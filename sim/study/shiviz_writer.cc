#include "sim/study/shiviz_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/check.h"

namespace macula::sim {
namespace {

constexpr std::size_t kMostExchanges = std::size_t{1} << 14;
constexpr std::int64_t kSecond = 1'000'000'000;

// How ShiViz is to read what follows: it looks for it in the first line, and for what parts runs
// from each other in the second.
constexpr const char* kHead = "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)\n\n";

}  // namespace

ShivizWriter::ShivizWriter(const Roster& roster, std::ostream& out)
    : roster_(&roster),
      out_(&out),
      clocks_(roster.size(), Clock(roster.size())),
      exchanges_(kMostExchanges) {
  MACULA_CHECK(roster.size() <= kMostShivizNodes);
  for (NodeNumber node = 0; node < roster.size(); ++node) numbers_[roster.name(node)] = node;
  *out_ << kHead;
}

void ShivizWriter::take(std::string_view text) {
  line_.read(text);
  const std::string_view kind = line_.kind();
  if (kind == "packet") return packet();
  if (kind == "sent") return sent();
  if (kind == "request" || kind == "message") return handed();
  if (kind == "reply") return replied();
  if (kind == "failure" || kind == "cancelled") return exchange_ended();
  if (kind == "begun") return event_at_from(fmt::format("begun {}", about()));
  if (kind == "ended") {
    return event_at_from(fmt::format("ended {}: {}", about(), line_.text("outcome")));
  }
  if (kind == "maintenance") return event_at_from(fmt::format("{} {}", kind, line_.text("chore")));
  if (kind == "crash" || kind == "restart" || kind == "pause" || kind == "resume") {
    event_at_from(kind);
  }
}

// Of an operation: its name, verb, label.
std::string ShivizWriter::about() const {
  const std::string_view label = line_.text("label");
  return fmt::format("{} {}{}{}", line_.text("operation"), line_.text("verb"),
                     label.empty() ? "" : " ", label);
}

NodeNumber ShivizWriter::number(std::string_view field) const {
  return numbers_.at(line_.text(field));
}

void ShivizWriter::event_at_from(std::string_view text) {
  event(number("from"), text);
}

void ShivizWriter::event(NodeNumber node, std::string_view text) {
  Clock& clock = clocks_[node];
  ++clock[node];
  const auto to = std::back_inserter(text_);
  fmt::format_to(to, "{} {{", roster_->name(node));
  char comma = 0;
  for (NodeNumber other = 0; other < clock.size(); ++other) {
    if (clock[other] == 0) continue;
    if (comma != 0) text_ += comma;
    comma = ',';
    fmt::format_to(to, R"("{}":{})", roster_->name(other), clock[other]);
  }
  fmt::format_to(to, "}}\n{}.{:09}s {}\n", line_.t() / kSecond, line_.t() % kSecond, text);
  *out_ << text_;
  text_.clear();
}

void ShivizWriter::merge(NodeNumber node, const Clock& other) {
  Clock& clock = clocks_[node];
  std::transform(clock.begin(), clock.end(), other.begin(), clock.begin(),
                 [](std::uint32_t a, std::uint32_t b) { return std::max(a, b); });
}

void ShivizWriter::sent() {
  const NodeNumber from = number("from");
  const std::string_view to = line_.text("to");
  event(from, fmt::format("sent {}{}{}", line_.text("message"), to.empty() ? "" : " to ", to));
  const std::string_view name = line_.text("exchange");
  if (name.empty()) return;
  Exchange& exchange = exchanges_.open(name);
  exchange.asker = from;
  exchange.clock = clocks_[from];
}

void ShivizWriter::handed() {
  const NodeNumber to = number("to");
  const std::string_view name = line_.text("exchange");
  Exchange* exchange = exchanges_.find(name);
  if (exchange != nullptr && !exchange->handed) merge(to, exchange->clock);
  event(to, fmt::format("{} {} from {}", line_.kind(), line_.text("message"), line_.text("from")));
  if (exchange == nullptr) return;
  exchange->handed = true;
  exchange->clock = clocks_[to];  // the reply leaves later
  if (exchange->over || line_.kind() == "message") exchanges_.close(name);
}

void ShivizWriter::packet() {
  Exchange* exchange = exchanges_.find(line_.text("exchange"));
  if (exchange == nullptr || !exchange->handed || exchange->left) return;
  const NodeNumber from = number("from");
  if (from == exchange->asker) return;
  event(from, fmt::format("reply to {}", line_.text("to")));
  exchange->left = true;
  exchange->clock = clocks_[from];
}

void ShivizWriter::replied() {
  const NodeNumber to = number("to");
  const std::string_view name = line_.text("exchange");
  Exchange* exchange = exchanges_.find(name);
  if (exchange != nullptr && exchange->handed) merge(to, exchange->clock);
  event(to, fmt::format("{} from {}", line_.text("message"), line_.text("from")));
  exchanges_.close(name);
}

void ShivizWriter::exchange_ended() {
  event_at_from(fmt::format("{} of a request to {}", line_.kind(), line_.text("to")));
  const std::string_view name = line_.text("exchange");
  Exchange* exchange = exchanges_.find(name);
  if (exchange == nullptr) return;
  exchange->over = true;  // what is still on its way may be handed over
  if (exchange->handed) exchanges_.close(name);
}

}  // namespace macula::sim
