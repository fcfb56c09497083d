// Contacts that no longer answer, remembered for some hours: after a partition they are the way
// back to the other half.
//
//   graves.bury(contact, now);
//   if (auto contact = graves.next_to_visit(now)) ping(*contact);
//   if (graves.exhume(contact)) ...            // it was heard from: it lives
//
// Each is visited after 1 min, 2 min, .. 1 h, 1 h and so on, and forgotten after kVisits of them,
// some four hours: long enough for a partition of two, and few pings for what is dead for good.
// Where there is no room, who was visited in vain most often makes way. Under heavy churn that is
// not enough to remember another half: then the bootstrap nodes are (dht/table_upkeep.h).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "dht/contact_book.h"

namespace macula::dht {

class Graveyard {
 public:
  static constexpr std::size_t kLimit = 32;
  static constexpr std::uint8_t kVisits = 9;
  static constexpr Duration kFirstVisit = std::chrono::minutes(1);
  static constexpr Duration kLongest = std::chrono::hours(1);

  void bury(ContactRef contact, Time now);
  // True where it was here; it is not any more.
  bool exhume(ContactRef contact);
  // Who is to be visited, from half of the delay on; it counts as visited now. Who was visited in
  // vain for the last time is forgotten first.
  [[nodiscard]] std::optional<ContactRef> next_to_visit(Time now);
  // When the next visit should have been; kTimeMax where nobody lies here.
  [[nodiscard]] Time next_visit() const;

  [[nodiscard]] bool contains(ContactRef contact) const;
  [[nodiscard]] std::size_t size() const { return graves_.size(); }
  [[nodiscard]] bool empty() const { return graves_.empty(); }

 private:
  struct Grave {
    ContactRef contact;
    std::uint32_t seconds;  // of the last visit, or of the burial
    std::uint8_t visits;

    [[nodiscard]] Time visited() const { return time_from_seconds(seconds); }
    [[nodiscard]] Duration delay() const {
      return std::min(kFirstVisit * (1 << std::min<unsigned>(visits, 6)), kLongest);
    }
  };

  std::vector<Grave> graves_;
};

}  // namespace macula::dht
