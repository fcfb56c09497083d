#include "sim/study/shiviz_writer.h"

#include <string>

#include "sim/run/json_line.h"
#include "sim/run/operation.h"

namespace macula::sim {
namespace {

// How ShiViz is to read what follows: it looks for it in the first line, and for what parts runs
// from each other in the second.
constexpr const char* kHead = "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)\n\n";

// The room around the parts of an event, its time and its counts.
constexpr std::size_t kAround = 100;

using Piece = TextBuffer::Piece;

// Seconds, with nine digits behind the point.
void add_time(Piece& to, Time time) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const auto ns = static_cast<std::uint64_t>(to_ns(time));
  to.add_number(ns / kSecond);
  to.add('.');
  char digits[9];
  std::uint64_t rest = ns % kSecond;
  for (std::size_t i = sizeof digits; i > 0; --i, rest /= 10) {
    digits[i - 1] = static_cast<char>('0' + rest % 10);
  }
  to.add({digits, sizeof digits});
}

void add_entry(Piece& to, std::string_view name, std::uint32_t count) {
  to.add('"');
  to.add(name);
  to.add("\":");
  to.add_number(count);
}

}  // namespace

ShivizWriter::ShivizWriter(const Roster& roster, std::ostream& out)
    : roster_(&roster), out_(&out), counts_(roster.size()), exchanges_(kMostOpenExchanges) {
  text_.add(kHead);
}

void ShivizWriter::finish() {
  text_.write_to(*out_);
}

void ShivizWriter::take(const Told& told, std::string_view /*fields*/) {
  switch (told.kind) {
    case ToldKind::begun:
    case ToldKind::ended:
      return operation(told);
    case ToldKind::sent:
      return sent(told);
    case ToldKind::packet:
      return packet(told);
    case ToldKind::request:
    case ToldKind::message:
      return handed(told);
    case ToldKind::reply:
      return replied(told);
    case ToldKind::failure:
    case ToldKind::cancelled:
      return exchange_ended(told);
    case ToldKind::maintenance:
      event(told, told.from, {"maintenance ", told.chore});
      return;
    case ToldKind::crash:
    case ToldKind::restart:
    case ToldKind::pause:
    case ToldKind::resume:
      event(told, told.from, {told_name(told.kind)});
      return;
    case ToldKind::timer:
    case ToldKind::connected:
    case ToldKind::retransmit:
    case ToldKind::partition:
    case ToldKind::heal:
    case ToldKind::operation:
      return;
  }
}

void ShivizWriter::operation(const Told& told) {
  const Operation& operation = *told.operation;
  const std::string count = std::to_string(told.count);
  const std::string_view label = escaped(*operation.label, room_);
  const std::string_view space = label.empty() ? "" : " ";
  const bool begun = told.kind == ToldKind::begun;
  const std::string_view error = operation.error;
  const std::string_view outcome = error.empty() ? "ok" : error;
  event(told, told.from,
        {told_name(told.kind), " ", name(told.from), "/", count, " ", operation.verb->name, space,
         label, begun ? "" : ": ", begun ? "" : outcome});
}

std::string_view ShivizWriter::name(NodeNumber node) const {
  return node != kNoNode ? std::string_view(roster_->name(node)) : std::string_view();
}

ShivizWriter::Event ShivizWriter::event(const Told& told, NodeNumber node,
                                        std::initializer_list<std::string_view> text,
                                        const Event* cause) {
  const Event event{node, ++counts_[node]};
  const bool caused = cause != nullptr && cause->node != node;
  const std::string_view here = name(node);
  const std::string_view there = caused ? name(cause->node) : std::string_view();
  std::size_t most = kAround + 2 * here.size() + there.size();
  for (const std::string_view part : text) most += part.size();
  Piece to = text_.piece(most);
  to.add(here);
  to.add(" {");
  add_entry(to, here, event.count);
  if (caused) {
    to.add(',');
    add_entry(to, there, cause->count);
  }
  to.add("}\n");
  add_time(to, told.time);
  to.add("s ");
  for (const std::string_view part : text) to.add(part);
  to.add('\n');
  to.done();
  text_.write_in_parts_to(*out_);
  return event;
}

void ShivizWriter::sent(const Told& told) {
  const std::string_view to = name(told.to);
  const Event left = event(told, told.from, {"sent ", told.message, to.empty() ? "" : " to ", to});
  if (told.origin.exchange != 0) exchanges_.open(told.origin.exchange).left = left;
}

void ShivizWriter::handed(const Told& told) {
  Exchange* exchange = exchanges_.find(told.origin.exchange);
  const bool first = exchange != nullptr && !exchange->handed;
  const Event here =
      event(told, told.to, {told_name(told.kind), " ", told.message, " from ", name(told.from)},
            first ? &exchange->left : nullptr);
  if (exchange == nullptr) return;
  exchange->handed = true;
  exchange->left = here;  // the reply leaves later
  if (exchange->over || told.kind == ToldKind::message) exchanges_.close(told.origin.exchange);
}

void ShivizWriter::packet(const Told& told) {
  Exchange* exchange = exchanges_.find(told.origin.exchange);
  if (exchange == nullptr || !exchange->handed || exchange->answered) return;
  if (told.from == asker_of(told.origin.exchange)) return;
  exchange->left = event(told, told.from, {"reply to ", name(told.to)});
  exchange->answered = true;
}

void ShivizWriter::replied(const Told& told) {
  Exchange* exchange = exchanges_.find(told.origin.exchange);
  const bool known = exchange != nullptr && exchange->handed;
  event(told, told.to, {told.message, " from ", name(told.from)},
        known ? &exchange->left : nullptr);
  exchanges_.close(told.origin.exchange);
}

void ShivizWriter::exchange_ended(const Told& told) {
  event(told, told.from, {told_name(told.kind), " of a request to ", name(told.to)});
  Exchange* exchange = exchanges_.find(told.origin.exchange);
  if (exchange == nullptr) return;
  exchange->over = true;  // what is still on its way may be handed over
  if (exchange->handed) exchanges_.close(told.origin.exchange);
}

}  // namespace macula::sim
