// The contacts that the parts of a node have in hand: each tells those that it keeps, and no others
// count.
#include "dht/contact/contact_marks.h"
#include "dht/node/node.h"

namespace macula::dht {

void Lookup::keep_contacts(ContactMarks& marks) const {
  for (const Candidate& candidate : candidates_) marks.keep(candidate.ref);
  for (const Outstanding& request : outstanding_) marks.keep(request.ref);
  for (const auto& [contact, depth] : elsewhere_) marks.keep(contact);
  marks.keep_all(round_);
  marks.keep_all(round_list_);
  marks.keep(round_closest_);
}

void DisjointLookup::keep_contacts(ContactMarks& marks) const {
  first_.keep_contacts(marks);
  if (paths_ == nullptr) return;
  for (const Lookup& path : paths_->lookups) path.keep_contacts(marks);
  for (const Asked& asked : paths_->asked) marks.keep(asked.contact);
  for (const Lookup::Outstanding& request : paths_->outstanding) marks.keep(request.ref);
}

void Searches::keep_contacts(ContactMarks& marks) const {
  searches_.for_each([&](const Search& search) {
    search.lookup.keep_contacts(marks);
    for (const FoundRecords& found : search.found) marks.keep(found.from);
    marks.keep(search.lacking);
  });
}

void RoutingTable::keep_contacts(ContactMarks& marks) const {
  marks.keep_all(entries_);
  marks.keep_all(spares_);
  marks.keep_all(dead_.contacts());
}

void RoundTrips::keep_contacts(ContactMarks& marks) const {
  if (!peers_) return;
  for (const Peer& peer : *peers_) marks.keep(peer.ref);
}

void Calls::keep_contacts(ContactMarks& marks) const {
  calls_.for_each([&](const Call& call) {
    marks.keep_all(call.providers);
    marks.keep(call.request.provider.value_or(kNoContact));
    for (const Attempt& attempt : call.attempts) marks.keep(attempt.provider);
  });
  failed_.keep_contacts(marks);
}

void Join::keep_contacts(ContactMarks& marks) const {
  marks.keep_all(contacts_);
  if (bootstraps_ == nullptr) return;
  for (const Bootstraps::Place& place : bootstraps_->places()) marks.keep(place.contact);
}

void TableUpkeep::keep_contacts(ContactMarks& marks) const {
  marks.keep_all(pinged_);
  marks.keep(returned_);
}

void RecordUpkeep::keep_contacts(ContactMarks& marks) const {
  for (const Newcomer& newcomer : newcomers_) marks.keep(newcomer.ref);
  marks.keep_all(closest_);
  marks.keep_all(takers_);
  if (regions_) regions_->keep_contacts(marks);
}

void RegionWalker::keep_contacts(ContactMarks& marks) const {
  if (walk_) marks.keep_all(walk_->nodes());
}

void Publications::keep_contacts(ContactMarks& marks) const {
  for (const auto& [name, publication] : publications_) marks.keep_all(publication.missed);
  for (const auto& [name, withdrawn] : withdrawals_) marks.keep_all(withdrawn.missed);
}

void Rivals::keep_contacts(ContactMarks& marks) const {
  if (state_.get() == nullptr) return;
  state_.get()->asked.for_each([&](const Rival& rival) { marks.keep(rival.from); });
  for (const auto& [key, writer] : state_.get()->writers) marks.keep(writer);
}

void Storage::keep_contacts(ContactMarks& marks) const {
  publications_.keep_contacts(marks);
  rivals_.keep_contacts(marks);
}

void Node::keep_contacts(ContactMarks& marks) const {
  marks.keep(context_.self);
  context_.table.keep_contacts(marks);
  context_.round_trips.keep_contacts(marks);
  searches_.keep_contacts(marks);
  calls_.keep_contacts(marks);
  join_.keep_contacts(marks);
  table_upkeep_.keep_contacts(marks);
  record_upkeep_.keep_contacts(marks);
  storage_.keep_contacts(marks);
}

void Node::keep_contact_of(Token token, ContactMarks& marks) {
  marks.keep(token_contact(token));
}

}  // namespace macula::dht
