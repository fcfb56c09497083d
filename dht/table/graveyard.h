// Contacts that no longer answer, remembered: after a partition they are the way back to the other
// half.
//
//   graves.bury(contact, now, table.size());
//   if (auto contact = graves.next_to_visit(now, alone)) ping(*contact);
//   if (graves.exhume(contact)) ...            // it was heard from: it lives
//
// Each is visited after 1 min, 2 min, .. 1 h, 1 h and so on. A contact that died alone is forgotten
// after kVisits of them, some four hours: few pings for one that is dead for good. But where a
// third of all contacts is lost within kAtOnce, it was probably the network that was cut in two, or
// this node that was cut off: such contacts are lasting, visited for as long as the node runs, once
// within the hour. The same goes for all while the node has no living contact (`alone`): then
// nothing else is left to do, and they are visited within kLongestAlone.
//
// Where there is no room, who was visited in vain most often makes way; kLasting places at most are
// for those that are lasting. Under heavy churn that is not enough to remember another half: then
// the bootstrap nodes are (dht/node/join.h).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "dht/contact/contact_book.h"

namespace macula::dht {

class Graveyard {
 public:
  static constexpr std::size_t kLimit = 32;
  static constexpr std::size_t kLasting = 24;
  static constexpr std::uint8_t kVisits = 9;
  static constexpr Duration kFirstVisit = std::chrono::minutes(1);
  static constexpr Duration kLongest = std::chrono::hours(1);
  static constexpr Duration kLongestAlone = std::chrono::minutes(10);
  // Those that fell silent at one instant are found out within this time (TableUpkeep's probe).
  static constexpr Duration kAtOnce = std::chrono::minutes(30);

  // `living`: contacts that are left.
  void bury(ContactRef contact, Time now, std::size_t living);
  // One that was known in a former life, or by others, and does not answer: lasting.
  void bury_lasting(ContactRef contact, Time now);
  // True where it was here; it is not any more.
  bool exhume(ContactRef contact);
  // The contact to be visited, from half of the delay on; it counts as visited now. Contacts
  // visited in vain for the last time are forgotten first.
  [[nodiscard]] std::optional<ContactRef> next_to_visit(Time now, bool alone);
  // When the next visit should have been; kTimeMax where nobody lies here.
  [[nodiscard]] Time next_visit(bool alone) const;

  [[nodiscard]] bool contains(ContactRef contact) const;
  // All of them, for a next life.
  [[nodiscard]] std::vector<ContactRef> contacts() const;
  [[nodiscard]] std::size_t lasting() const;
  [[nodiscard]] std::size_t size() const { return graves_.size(); }
  [[nodiscard]] bool empty() const { return graves_.empty(); }

 private:
  struct Grave {
    ContactRef contact;
    std::uint32_t seconds;  // of the last visit, or of the burial
    std::uint16_t minutes;  // of the burial, modulo 45 days
    std::uint8_t visits;
    bool lasting;

    [[nodiscard]] Time visited() const { return time_from_seconds(seconds); }
    [[nodiscard]] Duration delay(bool alone) const {
      return std::min(kFirstVisit * (1 << std::min<unsigned>(visits, 6)),
                      alone ? kLongestAlone : kLongest);
    }
  };
  static std::uint16_t minutes(Time now) {
    return static_cast<std::uint16_t>(to_seconds(now) / 60);
  }

  void put(const Grave& grave);
  // Whether, with this one, so many have been lost within kAtOnce that it was no death of each.
  bool lost_at_once(Time now, std::size_t living);
  void make_lasting(Time now);

  std::vector<Grave> graves_;
  // Burials: in a stretch of kAtOnce that began then, and in the one before it.
  std::uint32_t since_ = 0;
  std::uint16_t buried_ = 0;
  std::uint16_t buried_before_ = 0;
};

}  // namespace macula::dht
