#include "sim/net/half_open.h"

#include <algorithm>

#include "sim/net/quic_model.h"

namespace macula::sim {

void HalfOpen::begin(NodeNumber server, NodeNumber client, Time now) {
  if (server >= by_server_.size()) by_server_.resize(server + std::size_t{1});
  std::vector<Begun>& begun = by_server_[server];
  if (begun.size() >= quic_model::kMostHalfOpen) begun.erase(begun.begin());
  begun.push_back({client, now});
}

void HalfOpen::end(NodeNumber server, NodeNumber client) {
  if (server >= by_server_.size()) return;
  std::vector<Begun>& begun = by_server_[server];
  const auto same = [&](const Begun& one) { return one.client == client; };
  const auto found = std::find_if(begun.begin(), begun.end(), same);
  if (found != begun.end()) begun.erase(found);
}

void HalfOpen::clear(NodeNumber server) {
  if (server < by_server_.size()) by_server_[server].clear();
}

std::size_t HalfOpen::count(NodeNumber server, Time now) {
  if (server >= by_server_.size()) return 0;
  std::vector<Begun>& begun = by_server_[server];
  const auto young = [&](const Begun& one) { return now - one.at < quic_model::kHandshakeTimeout; };
  begun.erase(begun.begin(), std::find_if(begun.begin(), begun.end(), young));
  return begun.size();
}

}  // namespace macula::sim
