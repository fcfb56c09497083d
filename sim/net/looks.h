// Looks at a run from outside: polls of expectations, checks of invariants. A look is no event. It
// changes nothing, enters neither count nor digest, and comes once all that happens up to its time
// has happened; so a run is the same however many look at it.
//
//   Looks looks;
//   looks.add(at, [] { ... });
//   while (looks.next() < time_of_next_event) looks.take()();
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "base/time.h"

namespace macula::sim {

class Looks {
 public:
  using Action = std::function<void()>;

  // Those of one time come in the order in which they were added.
  void add(Time time, Action look) {
    pending_.emplace(time, std::move(look));
    next_ = pending_.begin()->first;
  }

  // kTimeMax: there is none.
  [[nodiscard]] Time next() const { return next_; }

  // There is one.
  [[nodiscard]] Action take() {
    Action look = std::move(pending_.begin()->second);
    pending_.erase(pending_.begin());
    next_ = pending_.empty() ? kTimeMax : pending_.begin()->first;
    return look;
  }

 private:
  std::multimap<Time, Action> pending_;
  Time next_ = kTimeMax;
};

}  // namespace macula::sim
