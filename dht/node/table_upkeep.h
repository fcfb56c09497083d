// The chores that keep a routing table what it should be.
//
//   TableUpkeep upkeep(context, searches, maintenance, bootstrap);
//   upkeep.start();
//   upkeep.on_heard(contact, table.observe(contact, now));   // and on_failed
//
// Refresh: a lookup of a random id in the bucket whose part of the space has seen no lookup for
// longest, once that is half of `refresh_interval` or more; of the own id in its turn. A bucket
// that has lost a contact with nobody to take its place gets one soon. One lookup at a time.
//
// Probe: pings, a few at a time, to whom the table names (RoutingTable::to_probe), and to the dead.
//
// After a partition the halves know each other by their dead. When one of these answers, the node
// looks up its own id and asks it first, however far it is: so the two neighbourhoods of an id
// meet. The regular lookup of the own id asks one bootstrap node besides: where even the dead are
// forgotten, halves meet there, within an interval, for one request an hour and node.
#pragma once

#include <vector>

#include "dht/node/maintenance.h"
#include "dht/node/search.h"

namespace macula::dht {

class TableUpkeep final : public Upkeep {
 public:
  static constexpr std::size_t kPings = 4;  // at a time
  // A bucket with a vacancy is looked up within this time.
  static constexpr Duration kRefill = std::chrono::seconds(30);
  // The own id is looked up within this time where somebody is back from the dead.
  static constexpr Duration kReunion = std::chrono::seconds(10);

  // `bootstrap` may grow, and must outlive it.
  TableUpkeep(Context& context, Searches& searches, Maintenance& maintenance,
              const std::vector<ContactRef>& bootstrap);

  void start();
  Turn take_turn(Chore chore) override;

  // The table's verdict on a contact that was heard from, unless it is `settled`.
  void on_heard(ContactRef contact, RoutingTable::Heard heard);
  // The table's verdict on a contact that has failed.
  void on_failed(ContactRef contact, RoutingTable::Failed failed);
  // The outcome of a ping sent here, which is known to the table by now.
  void on_pinged(ContactRef contact);

  // Pings under way.
  [[nodiscard]] std::size_t size() const { return pinged_.size(); }

  void keep_contacts(ContactMarks& marks) const;

 private:
  Turn refresh();
  void refresh_ended(const SearchResult& result);
  // Until the next bucket is due.
  [[nodiscard]] Duration next_refresh() const;

  Turn probe();
  // Pings are wanted as soon as may be.
  void hurry();
  [[nodiscard]] std::size_t ping(ContactRef contact);

  Context* context_;
  Searches* searches_;
  Maintenance* maintenance_;
  const std::vector<ContactRef>* bootstrap_;
  std::vector<ContactRef> pinged_;
  ContactRef returned_ = kNoContact;  // back from the dead, and not yet asked about the own id
  std::uint64_t vacant_ = 0;          // bit i: bucket i has a vacancy, and saw no lookup since
  bool refreshing_ = false;
  bool hurried_ = false;
};

}  // namespace macula::dht
