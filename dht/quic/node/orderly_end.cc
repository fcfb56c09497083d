#include "dht/quic/node/orderly_end.h"

#include <csignal>

#include "base/check.h"
#include "dht/quic/node/log.h"

namespace macula::dht::quic {

OrderlyEnd::OrderlyEnd(Loop& loop, LiveNode& live, Duration patience)
    : loop_(loop), live_(live), patience_(patience) {
  MACULA_CHECK(loop_.on_signal({SIGINT, SIGTERM, SIGHUP}, [this](int) { on_signal(); }));
  loop_.join(*this);
}

OrderlyEnd::~OrderlyEnd() {
  loop_.leave(*this);
}

void OrderlyEnd::on_signal() {
  if (begun_) {
    log("stopped at once");
    loop_.stop();
    return;
  }
  by_signal_ = true;
  begin();
}

void OrderlyEnd::begin() {
  if (begun_) return;
  begun_ = true;
  if (on_begin_) on_begin_();
  live_.leave(patience_);
}

Time OrderlyEnd::settle(Time /*now*/) {
  if (begun_ && live_.closed()) loop_.stop();
  return kTimeMax;
}

}  // namespace macula::dht::quic
