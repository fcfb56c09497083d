#include "bench/node_end.h"

#include "bench/engine_end.h"

namespace macula::dht::quic {

NodeEnd::NodeEnd(Loop& loop, char number, const HostConfig& config)
    : socket_(bind_loopback()),
      credentials_(bench_credentials(number)),
      self_(book_.intern({credentials_.id(), socket_.local(), std::nullopt}).value()),
      host_(book_, self_, credentials_, config, random_, loop.now()),
      node_(host_, book_, protocol_, {self_, {}, nullptr}, *this),
      driver_(loop, socket_, host_) {
  host_.start(node_);
  node_.start();
}

}  // namespace macula::dht::quic
