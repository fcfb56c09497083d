#include "sim/net/event_log.h"

namespace macula::sim {

void EventLog::partition(Time now, const std::vector<NodeNumber>& a,
                         const std::vector<NodeNumber>& b, bool one_way) {
  std::uint64_t content = one_way ? 1 : 0;
  for (const NodeNumber node : a) content = mix(content, node);
  for (const NodeNumber node : b) content = mix(content, node);
  note(now, EventKind::partition, kNoNode, kNoNode, content);
}

}  // namespace macula::sim
