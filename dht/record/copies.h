// Copies of values that finders left with a node that is none of their holders: so the way to a
// popular key gets shorter, and its holders are asked less (Kademlia, 2002, section 2.3).
//
//   if (auto copy = copy_to_leave(key, lacking, answers, newest, book, now)) {   // the finder
//     send(lacking, std::move(*copy));
//   }
//   copies.put(key, std::move(entries), until, now);                        // who is left it
//   if (const auto* entries = copies.find(key, now)) ...     // served where no record is held
//
// A copy is neither replicated nor handed over, nor is it copied again, and it gives way to any
// record that is stored under its key. A finder that wants more than one holder's word does not
// count it, and goes on with the contacts that come with it.
// Bounded: the copy that ends first makes room for the next.
//
// It is kept for what is left of its records' life, halved for each bit by which the node shares
// less with the key than the closest holder that answered: with each there are twice as many nodes
// in between. So its time is inversely proportional to their number; the paper's, exponentially so,
// would leave nothing with k = 20. Nor is it kept for longer than kLongestCopy: so long, after what
// was withdrawn or replaced has reached the holders, a reader may still be given the old value.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/violation.h"
#include "dht/contact/contact_book.h"
#include "dht/protocol.h"
#include "dht/record/found_records.h"
#include "dht/record/record_store.h"

namespace macula::dht {

// No copy is served for longer than this.
inline constexpr Duration kLongestCopy = std::chrono::seconds(15);

// The shortest time for which a copy is worth its message.
inline constexpr Duration kShortestCopy = std::chrono::seconds(1);

// The copy that a finder leaves with `lacking`, if any; kNoContact: none. `newest`: its reading of
// the answers.
[[nodiscard]] std::optional<wire::LeaveCopy> copy_to_leave(
    const Key& key, ContactRef lacking, const std::vector<FoundRecords>& answers,
    const std::vector<RecordStore::Entry>& newest, const ContactBook& book, Time now);

// The part of a copy that is kept: those of its records that live.
[[nodiscard]] std::vector<RecordStore::Entry> entries_of(const wire::LeaveCopy& copy,
                                                         const Protocol& protocol, Time now);

// Finders that this node has asked to leave a copy: from nobody else it takes one.
//
// Bounded: whoever was asked first is forgotten first.
class CopyRequests {
 public:
  static constexpr std::size_t kMost = 32;
  // A find ends by then.
  static constexpr Duration kPatience = std::chrono::seconds(30);

  void ask(const Key& key, const NodeId& finder, Time now);
  // Whether it was asked; each request is good for one copy.
  [[nodiscard]] bool take(const Key& key, const NodeId& finder, Time now);

 private:
  struct Request {
    std::uint64_t name = 0;
    Time until{};
  };
  struct Ring {
    std::array<Request, kMost> requests{};
    std::size_t next = 0;
  };

  std::unique_ptr<Ring> asked_;  // made when first needed: most nodes ask nobody
};

class Copies {
 public:
  static constexpr std::size_t kMostKeys = 256;
  static constexpr std::size_t kMostBytes = std::size_t{1} << 20;

  // In place of an earlier copy. A copy larger than all copies may be is not kept.
  void put(const Key& key, std::vector<RecordStore::Entry> entries, Time until, Time now);
  // Nothing where there is none, or it has ended.
  [[nodiscard]] const std::vector<RecordStore::Entry>* find(const Key& key, Time now) const;
  // Whether such a copy has a value to give.
  [[nodiscard]] bool serves(const Key& key, Time now) const;
  void drop(const Key& key);

  // Those that have ended are among them until room is needed.
  [[nodiscard]] std::size_t size() const { return copies_ ? copies_->size() : 0; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  // An invariant that they break: more than may be, or counted wrongly.
  [[nodiscard]] Violation violation() const;

 private:
  struct Copy {
    std::vector<RecordStore::Entry> entries;
    std::size_t bytes = 0;
    Time until{};
  };
  using ByKey = std::map<Key, Copy>;

  void drop(ByKey::iterator copy);
  void make_room(std::size_t bytes, Time now);

  std::unique_ptr<ByKey> copies_;  // made when first needed: most nodes are left none
  std::size_t bytes_ = 0;
};

}  // namespace macula::dht
