#include "sim/net/event_log.h"

namespace macula::sim {

std::uint64_t EventLog::partition_content(const std::vector<NodeNumber>& a,
                                          const std::vector<NodeNumber>& b, bool one_way) {
  std::uint64_t content = one_way ? 1 : 0;
  for (const NodeNumber node : a) content = mix(content, node);
  for (const NodeNumber node : b) content = mix(content, node);
  return content;
}

}  // namespace macula::sim
