// A reader's view of the answers of several nodes for one key: the newest version of each record,
// and the nodes that should hear of it.
//
//   RecordReading reading(key, own_entries, found, protocol, now);
//   reading.values();                                    // to be returned
//   for (const auto& [to, entry] : reading.repairs()) ...  // `to` has an older copy, or none
//
// The same answers give the same records, in whatever order they came.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "dht/protocol.h"
#include "dht/record/found_records.h"
#include "dht/record/record_store.h"

namespace macula::dht {

class RecordReading {
 public:
  static constexpr std::size_t kMostRepairs = 32;  // of one find

  // Signatures have been checked. `own`: the entries of the reader's own store, if it is to count.
  RecordReading(const Key& key, const std::vector<RecordStore::Entry>* own,
                const std::vector<FoundRecords>& found, const Protocol& protocol, Time now);

  // One of each origin, the withdrawn among them.
  [[nodiscard]] const std::vector<RecordStore::Entry>& newest() const { return *newest_; }
  // The values that are not withdrawn. Among records for one provider the best proven count: by the
  // key that its id is bound to, else by some key, else not at all. So does one of two equal
  // values.
  [[nodiscard]] std::vector<wire::SharedValue> values() const;

  using Repair = std::pair<ContactRef, const RecordStore::Entry*>;
  [[nodiscard]] const std::vector<Repair>& repairs() const { return repairs_; }

 private:
  // Only the latest of one writer's values counts, whatever age its copies seem to have.
  struct Write {
    std::uint64_t writer;
    std::string_view provider;  // one origin
    std::uint64_t number;
    Time first;
  };
  // Where a holder has answered, others' words tell only of writers that a holder knows.
  void note_writes(const std::vector<RecordStore::Entry>* own,
                   const std::vector<FoundRecords>& found, bool by_holder);
  void note_write(const Write& write);
  // Nothing where it is not told who wrote it.
  [[nodiscard]] const Write* write_of(const wire::Record& record) const;

  void add(const wire::Record& record, Time at);
  void put(RecordStore::Offer offer, Time first);
  void find_repairs(const std::vector<FoundRecords>& found);
  [[nodiscard]] bool lacks(const FoundRecords& found, const RecordStore::Entry& entry) const;

  Key key_;
  const Protocol* protocol_;
  Time now_;
  std::vector<Write> writes_;  // the latest of each writer
  RecordStore merged_;
  const std::vector<RecordStore::Entry>* newest_;
  std::vector<Repair> repairs_;
};

}  // namespace macula::dht
