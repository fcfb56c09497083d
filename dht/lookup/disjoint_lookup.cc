#include "dht/lookup/disjoint_lookup.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"

namespace macula::dht {

DisjointLookup::DisjointLookup(Lookup first, std::size_t paths)
    : first_(std::move(first)), book_(&first_.book()), k_(first_.rules().k) {
  MACULA_CHECK(paths >= 1);
  if (paths == 1) return;
  paths_ = std::make_unique<Paths>();
  paths_->lookups.assign(paths, first_);
}

Lookup& DisjointLookup::next_path() {
  if (paths_ == nullptr) return first_;
  Lookup& path = paths_->lookups[paths_->turn];
  paths_->turn = (paths_->turn + 1) % paths_->lookups.size();
  return path;
}

void DisjointLookup::add_start(const ContactList& contacts) {
  if (paths_ == nullptr) return first_.add_start(contacts);
  for (const ContactRef contact : contacts) add_start(contact);
}

bool DisjointLookup::are_slow(const std::vector<Lookup::Outstanding>& requests) {
  return std::all_of(requests.begin(), requests.end(),
                     [](const Lookup::Outstanding& request) { return request.slow; });
}

bool DisjointLookup::offer(ContactRef contact) {
  if (paths_ == nullptr) return first_.offer(contact);
  if (asked(contact) != nullptr) return false;
  const bool known = std::any_of(paths_->lookups.begin(), paths_->lookups.end(),
                                 [&](const Lookup& path) { return path.knows(contact); });
  if (known) return false;
  const bool more = paths_->lookups[paths_->turn].offer(contact);
  paths_->turn = (paths_->turn + 1) % paths_->lookups.size();
  return more;
}

// Each path in turn, so that none is far ahead of the others and takes their peers.
std::optional<ContactRef> DisjointLookup::next_of_paths() {
  const std::size_t count = paths_->lookups.size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t path = paths_->turn;
    paths_->turn = (paths_->turn + 1) % count;
    if (const auto contact = next_of(path)) return contact;
  }
  return std::nullopt;
}

std::optional<ContactRef> DisjointLookup::next_of(std::size_t path) {
  Lookup& lookup = paths_->lookups[path];
  while (const auto contact = lookup.next()) {
    if (const Asked* other = asked(*contact)) {
      tell(lookup, *contact, other->state);
      continue;
    }
    paths_->asked.push_back({*contact, path, Lookup::State::asked});
    paths_->outstanding.push_back({*contact, 0, 0});
    ++paths_->stats.rpcs;
    return contact;
  }
  return std::nullopt;
}

void DisjointLookup::set_request(RequestId request, Time sent, Time slow_at) {
  if (paths_ == nullptr) {
    first_.set_request(request, sent, slow_at);
    return;
  }
  Lookup::Outstanding& asked = paths_->outstanding.back();
  asked.request = request;
  asked.sent = sent;
  asked.slow_at = slow_at;
}

// A contact that failed at one address may be found at another.
DisjointLookup::Asked* DisjointLookup::asked(ContactRef contact) const {
  Asked* other = nullptr;
  for (Asked& peer : paths_->asked) {
    if (peer.contact == contact) return &peer;
    const bool in_vain = peer.state == Lookup::State::failed || peer.state == Lookup::State::slow;
    if (!in_vain && book_->has_id(peer.contact, book_->id(contact))) other = &peer;
  }
  return other;
}

std::optional<Lookup::Outstanding> DisjointLookup::take_outstanding(ContactRef contact) {
  auto& outstanding = paths_->outstanding;
  const auto found = std::find_if(outstanding.begin(), outstanding.end(),
                                  [&](const auto& request) { return request.ref == contact; });
  if (found == outstanding.end()) return std::nullopt;
  const Lookup::Outstanding taken = *found;
  outstanding.erase(found);
  return taken;
}

void DisjointLookup::tell(Lookup& path, ContactRef contact, Lookup::State state) {
  if (state == Lookup::State::answered) {
    path.on_answer(contact, {});
  } else if (state == Lookup::State::failed) {
    path.on_failure(contact, Failure::timeout);
  } else if (state == Lookup::State::slow) {
    path.on_slow(contact);
  }
}

void DisjointLookup::tell_others(const Asked& peer) {
  for (std::size_t path = 0; path < paths_->lookups.size(); ++path) {
    if (path == peer.path) continue;
    Lookup& lookup = paths_->lookups[path];
    // It may know the peer under another address.
    const auto waiting = std::find_if(
        lookup.outstanding().begin(), lookup.outstanding().end(),
        [&](const auto& request) { return book_->has_id(request.ref, book_->id(peer.contact)); });
    if (waiting != lookup.outstanding().end()) tell(lookup, waiting->ref, peer.state);
  }
}

std::optional<Lookup::Outstanding> DisjointLookup::on_answer(ContactRef from,
                                                             const ContactList& nodes) {
  if (paths_ == nullptr) return first_.on_answer(from, nodes);
  const auto settled = take_outstanding(from);
  if (!settled) return std::nullopt;
  Asked& peer = *asked(from);
  peer.state = Lookup::State::answered;
  paths_->lookups[peer.path].on_answer(from, nodes);
  tell_others(peer);
  return settled;
}

std::optional<Lookup::Outstanding> DisjointLookup::on_failure(ContactRef from, Failure failure) {
  if (paths_ == nullptr) return first_.on_failure(from, failure);
  const auto settled = take_outstanding(from);
  if (!settled) return std::nullopt;
  ++paths_->stats.failures;
  if (failure == Failure::timeout) ++paths_->stats.timeouts;
  Asked& peer = *asked(from);
  peer.state = Lookup::State::failed;
  paths_->lookups[peer.path].on_failure(from, failure);
  tell_others(peer);
  return settled;
}

void DisjointLookup::on_slow(ContactRef contact) {
  if (paths_ == nullptr) {
    first_.on_slow(contact);
    return;
  }
  for (Lookup::Outstanding& request : paths_->outstanding) {
    if (request.ref != contact || request.slow) continue;
    request.slow = true;
    ++paths_->stats.slow;
    Asked& peer = *asked(contact);
    peer.state = Lookup::State::slow;
    paths_->lookups[peer.path].on_slow(contact);
    tell_others(peer);
  }
}

void DisjointLookup::wait_no_more() {
  first_.wait_no_more();
  if (paths_ == nullptr) return;
  for (Lookup& path : paths_->lookups) path.wait_no_more();
}

bool DisjointLookup::finished() const {
  if (paths_ == nullptr) return first_.finished();
  return std::all_of(paths_->lookups.begin(), paths_->lookups.end(),
                     [](const Lookup& path) { return path.finished(); });
}

std::vector<ContactRef> DisjointLookup::closest() const {
  return paths_ == nullptr ? first_.closest() : merged(false);
}

std::vector<ContactRef> DisjointLookup::closest_heard() const {
  return paths_ == nullptr ? first_.closest_heard() : merged(true);
}

std::vector<ContactRef> DisjointLookup::missed() const {
  if (paths_ == nullptr) return first_.missed();
  std::vector<ContactRef> all;
  for (const Lookup& path : paths_->lookups) {
    for (const ContactRef contact : path.missed()) {
      if (std::find(all.begin(), all.end(), contact) == all.end()) all.push_back(contact);
    }
  }
  return all;
}

std::vector<ContactRef> DisjointLookup::merged(bool heard) const {
  std::vector<ContactRef> all;
  for (const Lookup& path : paths_->lookups) {
    const auto some = heard ? path.closest_heard() : path.closest();
    all.insert(all.end(), some.begin(), some.end());
  }
  // Each peer under the address at which it was asked, and once.
  for (ContactRef& contact : all) {
    if (const Asked* peer = asked(contact)) contact = peer->contact;
  }
  std::sort(all.begin(), all.end(),
            [&](ContactRef a, ContactRef b) { return book_->closer(a, b, target()); });
  all.erase(std::unique(all.begin(), all.end(),
                        [&](ContactRef a, ContactRef b) { return book_->has_id(a, book_->id(b)); }),
            all.end());
  all.resize(std::min<std::size_t>(all.size(), k_));
  return all;
}

LookupStats DisjointLookup::stats() const {
  if (paths_ == nullptr) return first_.stats();
  LookupStats stats = paths_->stats;
  bool first = true;
  for (const Lookup& path : paths_->lookups) {
    if (path.closest().empty()) continue;
    const LookupStats one = path.stats();
    stats.depth = first ? one.depth : std::min(stats.depth, one.depth);
    first = false;
    stats.rounds = std::max(stats.rounds, one.rounds);
  }
  return stats;
}

bool DisjointLookup::is_progress_sound() const {
  if (paths_ == nullptr) return first_.is_progress_sound();
  const std::size_t asked = paths_->asked.size();
  return asked == paths_->stats.rpcs &&
         paths_->outstanding.size() + paths_->stats.failures <= asked &&
         std::all_of(paths_->lookups.begin(), paths_->lookups.end(),
                     [](const Lookup& path) { return path.is_progress_sound(); });
}

Violation DisjointLookup::violation() const {
  if (Violation wrong = first_.violation()) return wrong;
  if (paths_ == nullptr) return {};
  for (const Lookup& path : paths_->lookups) {
    if (Violation wrong = path.violation()) return wrong;
  }
  const auto& peers = paths_->asked;
  for (std::size_t i = 0; i < peers.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (peers[i].contact == peers[j].contact) return "two of its paths have asked one peer";
    }
  }
  if (is_progress_sound()) return {};
  return "its paths have asked " + std::to_string(peers.size()) + " peers, and it counts " +
         std::to_string(paths_->stats.rpcs);
}

}  // namespace macula::dht
