// Keeps records alive, where they belong, and no longer than they should be: the chores republish,
// replicate and expire (dht/node/maintenance.h).
//
// - republish: a publisher stores a record anew, as a new version. That alone renews it. With
//   `republish_regions` all records of one region of the id space at once.
// - replicate: a holder that has not heard of a record for a while stores it at the k closest it
//   knows; those hear of it by that, and skip their turns (Kademlia, 2002, section 2.5). So about
//   one of k holders sends, once an interval. A holder that is none of the closest does so once.
// - hand-over, in the turns of replicate: a node heard from for the first time is given the records
//   to which it is one of the k closest, by the kGivers that are closest without it and without
//   others as new as it: those need not have the record.
// - expire: a sweep drops what is over.
//
// Each turn is a piece: one record stored, or a look at kPiece keys. The budget of the maintenance
// spreads what a join or a mass restart would otherwise set off at once.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "dht/node/maintenance.h"
#include "dht/node/region_walker.h"
#include "dht/node/storage.h"

namespace macula::dht {

class RecordUpkeep final : public Upkeep {
 public:
  static constexpr std::size_t kPiece = 256;     // keys looked at in a turn
  static constexpr std::size_t kNewcomers = 64;  // remembered; more are left to replication
  static constexpr std::size_t kGivers = 2;      // one, and one in case that one has gone
  static constexpr std::size_t kHandedOver = 4;  // records in a turn
  static constexpr Duration kNew = std::chrono::seconds(60);  // so long a node is a newcomer
  static constexpr Duration kSoon = std::chrono::seconds(2);

  RecordUpkeep(Context& context, Searches& searches, Storage& storage, Maintenance& maintenance);
  RecordUpkeep(const RecordUpkeep&) = delete;
  RecordUpkeep& operator=(const RecordUpkeep&) = delete;

  Turn take_turn(Chore chore) override;

  // The own store, or what this node publishes, has changed.
  void on_stored(bool own_is_behind);
  // A node that was not known has been heard from.
  void on_newcomer(ContactRef contact);

  // nullptr: records are not published again by regions.
  [[nodiscard]] const RegionWalker* regions() const { return regions_.get(); }

  void keep_contacts(ContactMarks& marks) const;

 private:
  using Entry = RecordStore::Entry;
  enum class Given : std::uint8_t { no, in_this_pass, yes };
  struct Newcomer {
    ContactRef ref;
    Time since;
    Given given;
  };

  void plan(Chore chore, Duration within);
  Turn republish();
  void republish_one(Publication& publication);
  Turn republish_region(const Key& key);
  void republish_in(const Region& region);
  Turn replicate();
  Turn hand_over();
  Turn expire();
  std::size_t replicate_one(const Key& key, Entry& entry);
  // To whom of this pass the records of the key are to be given.
  void find_takers(const Key& key);
  [[nodiscard]] bool awaits_hand_over() const;
  // It has proven to be where it says.
  [[nodiscard]] bool may_take(const Newcomer& newcomer) const;
  [[nodiscard]] bool passes_on(const Entry& entry) const;

  Context* context_;
  Storage* storage_;
  Maintenance* maintenance_;
  std::unique_ptr<RegionWalker> regions_;
  std::array<bool, kChores> planned_{};
  Key replicate_from_{};
  Key expire_from_{};
  Key hand_over_from_{};
  Time unheard_since_ = kTimeMax;  // of the records seen in this pass, the one not heard of longest
  std::vector<Newcomer> newcomers_;  // in order of arrival
  std::vector<ContactRef> closest_;  // to one key, and who of them is to be given its records
  std::vector<ContactRef> takers_;
};

}  // namespace macula::dht
