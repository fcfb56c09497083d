// How much is sent to endpoints that have never answered: they may be those of people who never
// asked for it, named by somebody who wants them to be sent something.
//
//   if (budget.allowed_from(remote, now) <= now) { send(initial); budget.spend(remote, now); }
//   budget.answered(remote);                  // it is limited no more, and costs nothing any more
//
// An endpoint is sent so many Initials; after the last of them it has to be left alone for a
// window, and then the count begins anew. All of them together are sent so many in a window.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "base/time.h"
#include "dht/contact/endpoint.h"

namespace macula::dht::quic {

class InitialBudget {
 public:
  static constexpr std::size_t kRemembered = 16384;  // endpoints that have answered

  InitialBudget(std::size_t each, std::size_t all, Duration window)
      : each_(each), all_(all), window_(window) {}

  // When the next may be sent, if nothing else is sent before.
  [[nodiscard]] Time allowed_from(const dht::Endpoint& remote, Time now);
  void spend(const dht::Endpoint& remote, Time now);
  void answered(const dht::Endpoint& remote);

 private:
  struct Silent {
    std::size_t sent = 0;
    Time last{};
  };

  void forget_before(Time now);

  std::size_t each_;
  std::size_t all_;
  Duration window_;
  std::size_t sent_ = 0;  // to all of silent_
  // Ordered: endpoints come from outside.
  std::map<dht::Endpoint, Silent> silent_;
  std::deque<std::pair<Time, dht::Endpoint>> spent_;  // of the window, in order
  std::set<dht::Endpoint> answered_;
  std::deque<dht::Endpoint> first_answered_;
};

}  // namespace macula::dht::quic
