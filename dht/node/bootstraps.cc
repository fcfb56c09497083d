#include "dht/node/bootstraps.h"

#include <algorithm>
#include <utility>

#include "dht/node/token.h"

namespace macula::dht {

void Bootstraps::set(const std::vector<Endpoint>& endpoints) {
  std::vector<Place> former = std::exchange(places_, {});
  for (const Endpoint& endpoint : endpoints) {
    const auto is_it = [&](const Place& place) { return place.endpoint == endpoint; };
    if (std::any_of(places_.begin(), places_.end(), is_it)) continue;
    const auto known = std::find_if(former.begin(), former.end(), is_it);
    if (known != former.end()) {
      places_.push_back(*known);
    } else {
      Place place;
      place.endpoint = endpoint;
      place.number = ++last_number_;
      places_.push_back(place);
    }
  }
}

void Bootstraps::ask(Place& place) {
  place.again = kTimeMax;
  if (place.asking) return;
  place.asking = true;
  context_->host.meet(place.endpoint, kPatience, make_token(Concern::meeting, place.number));
}

void Bootstraps::ask_all() {
  for (Place& place : places_) ask(place);
}

Bootstraps::Place* Bootstraps::met(Token token, ContactRef contact) {
  const auto place = std::find_if(places_.begin(), places_.end(), [&](const Place& each) {
    return each.asking && (each.number & kSlotMask) == token_slot(token);
  });
  if (place == places_.end()) return nullptr;
  place->asking = false;
  if (contact != kNoContact) {
    place->contact = contact;
    place->pause = kFirstPause;
  }
  return &*place;
}

// Between half and one and a half of the pause: the clients of a bootstrap node that died do not
// come back in lockstep.
void Bootstraps::ask_again(Place& place) {
  if (place.asking || place.again != kTimeMax) return;
  place.again = context_->host.now() + jittered(context_->host, draws::kBootstrap, place.pause);
  place.pause = std::min(2 * place.pause, kLongestPause);
}

bool Bootstraps::is_at(const Place& place, ContactRef contact) const {
  if (contact == place.contact) return true;
  const Endpoint& endpoint = context_->book.endpoint(contact);
  return endpoint == place.endpoint ||
         (place.contact != kNoContact && endpoint == context_->book.endpoint(place.contact));
}

void Bootstraps::remove(const Place& place) {
  places_.erase(places_.begin() + (&place - places_.data()));
}

bool Bootstraps::asking() const {
  return std::any_of(places_.begin(), places_.end(),
                     [](const Place& place) { return place.asking; });
}

Time Bootstraps::next() const {
  Time next = kTimeMax;
  for (const Place& place : places_) next = std::min(next, place.again);
  return next;
}

}  // namespace macula::dht
