#include "sim/run/trace_form.h"

namespace macula::sim {
namespace {

constexpr auto kFirstEvent = static_cast<std::size_t>(ToldKind::request);
static_assert(kFirstEvent + kEventKinds == kToldKinds);

}  // namespace

ToldKind told_kind(EventKind kind) {
  return ToldKind{static_cast<std::uint8_t>(kFirstEvent + static_cast<std::size_t>(kind))};
}

std::string_view told_name(ToldKind kind) {
  switch (kind) {
    case ToldKind::begun:
      return "begun";
    case ToldKind::ended:
      return "ended";
    case ToldKind::sent:
      return "sent";
    case ToldKind::packet:
      return "packet";
    case ToldKind::cancelled:
      return "cancelled";
    default:
      return event_name(
          EventKind{static_cast<std::uint8_t>(static_cast<std::size_t>(kind) - kFirstEvent)});
  }
}

}  // namespace macula::sim
