#include "dht/quic/node/joiner.h"

#include <fmt/format.h>

#include <algorithm>

#include "dht/quic/node/log.h"

namespace macula::dht::quic {

void Joiner::start(const std::vector<Endpoint>& endpoints) {
  for (const Endpoint& endpoint : endpoints) attempts_.push_back({endpoint, kFirstPause, {}});
  for (std::size_t i = 0; i < attempts_.size(); ++i) meet(i);
}

void Joiner::stop() {
  stopped_ = true;
  for (Attempt& attempt : attempts_) {
    if (attempt.retry) loop_.cancel(*attempt.retry);
    attempt.retry.reset();
  }
}

void Joiner::meet(std::size_t attempt) {
  live_.host().meet(attempts_[attempt].endpoint, kPatience,
                    [this, attempt](std::optional<ContactRef> contact) {
                      if (!stopped_) on_met(attempt, contact);
                    });
}

void Joiner::on_met(std::size_t attempt, std::optional<ContactRef> contact) {
  Attempt& to = attempts_[attempt];
  if (contact) {
    log(fmt::format("met {} at {}", id_to_hex(live_.book().id(*contact)),
                    format_endpoint(to.endpoint)));
    live_.node().add_bootstrap(*contact);
    return;
  }
  log(fmt::format("no answer from {}", format_endpoint(to.endpoint)));
  to.retry = loop_.at(loop_.now() + to.pause, [this, attempt] {
    attempts_[attempt].retry.reset();
    meet(attempt);
  });
  to.pause = std::min(2 * to.pause, kLongestPause);
}

}  // namespace macula::dht::quic
