#include "sim/net/observer.h"

namespace macula::sim {

std::string_view event_name(EventKind kind) {
  switch (kind) {
    case EventKind::request:
      return "request";
    case EventKind::reply:
      return "reply";
    case EventKind::message:
      return "message";
    case EventKind::failure:
      return "failure";
    case EventKind::timer:
      return "timer";
    case EventKind::connected:
      return "connected";
    case EventKind::retransmit:
      return "retransmit";
    case EventKind::crash:
      return "crash";
    case EventKind::restart:
      return "restart";
    case EventKind::pause:
      return "pause";
    case EventKind::resume:
      return "resume";
    case EventKind::partition:
      return "partition";
    case EventKind::heal:
      return "heal";
    case EventKind::operation:
      return "operation";
    case EventKind::maintenance:
      return "maintenance";
  }
  return "unknown";
}

std::string_view passage_name(Passage passage) {
  switch (passage) {
    case Passage::sent:
      return "sent";
    case Passage::lost:
      return "lost";
    case Passage::cut:
      return "cut";
    case Passage::late:
      return "late";
    case Passage::missed:
      return "missed";
    case Passage::cancelled:
      return "cancelled";
  }
  return "unknown";
}

}  // namespace macula::sim
