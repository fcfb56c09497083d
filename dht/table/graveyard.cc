#include "dht/table/graveyard.h"

#include <limits>

namespace macula::dht {

void Graveyard::bury(ContactRef contact, Time now, std::size_t living) {
  put({contact, to_seconds(now), minutes(now), 0, false});
  if (lost_at_once(now, living)) make_lasting(now);
}

void Graveyard::bury_lasting(ContactRef contact, Time now) {
  if (contains(contact)) return;
  put({contact, to_seconds(now), minutes(now), 0, lasting() < kLasting});
}

// Those that are not lasting make way first.
void Graveyard::put(const Grave& grave) {
  if (graves_.size() < kLimit) {
    graves_.push_back(grave);
    return;
  }
  const auto rank = [](const Grave& one) { return std::pair(!one.lasting, one.visits); };
  const auto oldest =
      std::max_element(graves_.begin(), graves_.end(),
                       [&](const Grave& a, const Grave& b) { return rank(a) < rank(b); });
  *oldest = grave;
}

bool Graveyard::lost_at_once(Time now, std::size_t living) {
  constexpr auto kStretch =
      static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(kAtOnce).count());
  const std::uint32_t seconds = to_seconds(now);
  if (seconds - since_ >= kStretch) {
    buried_before_ = seconds - since_ < 2 * kStretch ? buried_ : std::uint16_t{0};
    buried_ = 0;
    since_ = seconds;
  }
  if (buried_ < std::numeric_limits<std::uint16_t>::max()) ++buried_;
  const std::size_t lost = std::size_t{buried_} + buried_before_;
  return 2 * lost >= living;  // a third of those there were
}

void Graveyard::make_lasting(Time now) {
  constexpr auto kMinutes = std::chrono::duration_cast<std::chrono::minutes>(2 * kAtOnce).count();
  std::size_t count = lasting();
  for (Grave& grave : graves_) {
    const auto age = static_cast<std::uint16_t>(minutes(now) - grave.minutes);
    if (grave.lasting || age > kMinutes || count == kLasting) continue;
    grave.lasting = true;
    ++count;
  }
}

bool Graveyard::exhume(ContactRef contact) {
  const auto grave = std::find_if(graves_.begin(), graves_.end(),
                                  [&](const Grave& one) { return one.contact == contact; });
  if (grave == graves_.end()) return false;
  graves_.erase(grave);
  return true;
}

bool Graveyard::contains(ContactRef contact) const {
  return std::any_of(graves_.begin(), graves_.end(),
                     [&](const Grave& one) { return one.contact == contact; });
}

std::vector<ContactRef> Graveyard::contacts() const {
  std::vector<ContactRef> contacts;
  for (const Grave& grave : graves_) contacts.push_back(grave.contact);
  return contacts;
}

std::size_t Graveyard::lasting() const {
  return static_cast<std::size_t>(
      std::count_if(graves_.begin(), graves_.end(), [](const Grave& one) { return one.lasting; }));
}

std::optional<ContactRef> Graveyard::next_to_visit(Time now, bool alone) {
  for (std::size_t i = 0; i < graves_.size();) {
    Grave& grave = graves_[i];
    if (now - grave.visited() < grave.delay(alone) / 2) {
      ++i;
    } else if (grave.visits >= kVisits && !grave.lasting && !alone) {
      graves_.erase(graves_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      grave.seconds = to_seconds(now);
      if (grave.visits < std::numeric_limits<std::uint8_t>::max()) ++grave.visits;
      return grave.contact;
    }
  }
  return std::nullopt;
}

Time Graveyard::next_visit(bool alone) const {
  Time next = kTimeMax;
  for (const Grave& grave : graves_) next = std::min(next, grave.visited() + grave.delay(alone));
  return next;
}

}  // namespace macula::dht
