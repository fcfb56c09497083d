// The chores that keep a routing table what it should be.
//
//   TableUpkeep upkeep(context, searches, maintenance);
//   upkeep.start();
//
// Refresh: a lookup of a random id in the bucket whose part of the space has seen no lookup for
// longest, once that is half of `refresh_interval` or more; of the own id in its turn. One lookup
// at a time.
#pragma once

#include "dht/maintenance.h"
#include "dht/search.h"

namespace macula::dht {

class TableUpkeep final : public Upkeep {
 public:
  TableUpkeep(Context& context, Searches& searches, Maintenance& maintenance);

  void start();
  Turn take_turn(Chore chore) override;

 private:
  Turn refresh();
  void refresh_ended(const SearchResult& result);
  // Until the next bucket is due.
  [[nodiscard]] Duration next_refresh() const;

  Context* context_;
  Searches* searches_;
  Maintenance* maintenance_;
};

}  // namespace macula::dht
