#include "dht/table/routing_table.h"

#include <bitset>
#include <cstring>

#include "base/check.h"

namespace macula::dht {
RoutingTable::RoutingTable(const ContactBook& book, const NodeId& self, const TableRules& rules,
                           const Host* host)
    : book_(&book), host_(host), self_(self), rules_(rules) {
  MACULA_CHECK(rules.bucket_size >= 1 && rules.bucket_size <= kMaxBucketSize);
}

// ----- who is where -----

// Most contacts that are heard from are in no bucket: four are compared at once, and which of them
// it is matters only where one is.
std::size_t RoutingTable::position(std::size_t bucket, ContactRef contact) const {
  using Lanes = std::uint32_t __attribute__((vector_size(16)));
  static constexpr std::size_t kLanes = 4;
  const ContactRef* const entries = entries_.data();
  const std::size_t end = end_of(bucket);
  const Lanes wanted = Lanes{} + static_cast<std::uint32_t>(contact);
  std::size_t at = starts_[bucket];
  for (; at + kLanes <= end; at += kLanes) {
    Lanes some;
    std::memcpy(&some, entries + at, sizeof some);
    const auto equal = some == wanted;
    std::array<std::uint64_t, 2> same;
    std::memcpy(&same, &equal, sizeof same);
    if ((same[0] | same[1]) != 0) break;
  }
  while (at < end && entries[at] != contact) ++at;
  return at;
}

bool RoutingTable::contains(ContactRef contact) const {
  const auto bucket = static_cast<std::size_t>(bucket_of(contact));
  return bucket < bucket_count() && position(bucket, contact) != end_of(bucket);
}

bool RoutingTable::is_good(ContactRef contact, Time now) const {
  const auto bucket = static_cast<std::size_t>(bucket_of(contact));
  if (bucket >= bucket_count()) return false;
  const std::size_t at = position(bucket, contact);
  return at != end_of(bucket) && !is_questionable(states_[at], now);
}

bool RoutingTable::is_on_trial(ContactRef contact) const {
  const auto bucket = static_cast<std::size_t>(bucket_of(contact));
  if (bucket >= bucket_count()) return false;
  const std::size_t at = position(bucket, contact);
  return at != end_of(bucket) && is_on_trial(states_[at]);
}

bool RoutingTable::has_room(std::size_t bucket, ContactRef contact) const {
  if (bucket >= bucket_count()) return true;
  if (bucket_entries(bucket) >= rules_.bucket_size) return false;
  if (!book_->shares_subnets()) return true;
  const std::uint64_t subnet = subnet_of(book_->endpoint(contact));
  if (subnet == 0) return true;
  std::size_t same = 0;
  for (std::size_t i = starts_[bucket]; i < end_of(bucket); ++i) {
    same += subnet_of(book_->endpoint(entries_[i])) == subnet ? 1 : 0;
  }
  return same < rules_.subnet_limit;
}

// ----- coming and going -----

RoutingTable::Heard RoutingTable::observe(ContactRef contact, Time now, HeardAs as) {
  const int index = bucket_of(contact);
  if (index == NodeId::kBits) return Heard::settled;
  const auto bucket = static_cast<std::size_t>(index);
  if (bucket >= bucket_count()) return take_in(bucket, contact, now, as);
  const std::size_t end = end_of(bucket);
  std::size_t known = position(bucket, contact);
  if (known == end && book_->has_alias(contact)) {
    const NodeId& id = book_->id(contact);
    for (known = starts_[bucket]; known < end && book_->id(entries_[known]) != id;) ++known;
    if (known < end && rules_.evict) {
      if (!reached(contact)) return contest(known, now);
      erase(bucket, known);
      return take_in(bucket, contact, now, as);
    }
  }
  if (known == end) return take_in(bucket, contact, now, as);
  const EntryState state = states_[known];
  const bool answered = as == HeardAs::answered || state.answered();
  // Its message is no answer.
  if (!answered && is_on_trial(state) && !reached(contact)) return Heard::settled;
  move(known, end - 1, contact, EntryState::heard_at(now, answered));
  return state.failures() > 0 && !state.answered() ? Heard::entered : Heard::settled;
}

// Those that nothing is known of, and that share nothing with others, stand behind the last.
void RoutingTable::fill(const std::vector<ContactRef>& contacts, Time now) {
  const bool fresh = entries_.empty() && spares_.empty() && dead_.empty();
  const bool plain = fresh && !book_->shares_subnets();
  const EntryState heard = EntryState::heard_at(now, true);
  entries_.reserve(entries_.size() + contacts.size());
  states_.reserve(states_.size() + contacts.size());
  for (const ContactRef contact : contacts) {
    const auto bucket = static_cast<std::size_t>(bucket_of(contact));
    const bool known = book_->has_alias(contact) || book_->shares_endpoint(contact);
    if (!plain || known || bucket == NodeId::kBits || bucket + 1 < bucket_count() ||
        bucket_entries(bucket) >= rules_.bucket_size) {
      observe(contact, now);
      continue;
    }
    while (bucket_count() <= bucket) starts_.push_back(starts_.back());
    entries_.push_back(contact);
    states_.push_back(heard);
    ++starts_.back();
  }
}

RoutingTable::Heard RoutingTable::take_in(std::size_t bucket, ContactRef contact, Time now,
                                          HeardAs as) {
  Heard heard = Heard::settled;
  if (rules_.evict) {
    if (book_->shares_endpoint(contact)) {
      if (reached(contact)) {
        evict_former(contact);
      } else if (const std::size_t at = holder_of_endpoint(contact); at != entries_.size()) {
        return contest(at, now);
      }
    }
    if (!dead_.empty() && dead_.exhume(contact)) heard = Heard::returned;
    if (!has_room(bucket, contact)) {
      add_spare(bucket, contact);
      const bool full = bucket_entries(bucket) == rules_.bucket_size;
      const bool contested = full && is_questionable(states_[starts_[bucket]], now);
      return heard == Heard::settled && contested ? Heard::contested : heard;
    }
    drop_spares(bucket, [&](ContactRef spare) { return same_node(spare, contact); });
  } else if (bucket_entries(bucket) >= rules_.bucket_size) {
    return heard;
  }
  EntryState state = EntryState::heard_at(now, as == HeardAs::answered);
  const std::size_t end = bucket < bucket_count() ? end_of(bucket) : entries_.size();
  if (rules_.evict && as == HeardAs::spoke && !reached(contact)) {
    state.fail();
    insert(bucket, bucket < bucket_count() ? starts_[bucket] : end, contact, state);
    return Heard::on_trial;
  }
  insert(bucket, end, contact, state);
  return heard == Heard::settled ? Heard::entered : heard;
}

void RoutingTable::evict_former(ContactRef contact) {
  const Endpoint& endpoint = book_->endpoint(contact);
  const auto is_former = [&](ContactRef other) {
    return other != contact && !book_->is_relayed(other) && book_->endpoint(other) == endpoint;
  };
  if (book_->is_relayed(contact)) return;
  for (std::size_t bucket = 0; bucket < bucket_count(); ++bucket) {
    for (std::size_t i = end_of(bucket); i-- > starts_[bucket];) {
      if (is_former(entries_[i])) erase(bucket, i);
    }
    drop_spares(bucket, is_former);
  }
}

std::size_t RoutingTable::holder_of_endpoint(ContactRef contact) const {
  if (book_->is_relayed(contact)) return entries_.size();
  const Endpoint& endpoint = book_->endpoint(contact);
  const auto holder = std::find_if(entries_.begin(), entries_.end(), [&](ContactRef other) {
    return other != contact && !book_->is_relayed(other) && book_->endpoint(other) == endpoint;
  });
  return static_cast<std::size_t>(holder - entries_.begin());
}

RoutingTable::Heard RoutingTable::contest(std::size_t at, Time now) {
  if (states_[at].age(now) < kClaimed) return Heard::settled;
  return doubt(entries_[at]) ? Heard::contested : Heard::settled;
}

void RoutingTable::name(ContactRef contact) {
  const auto bucket = static_cast<std::size_t>(bucket_of(contact));
  if (!rules_.evict || bucket >= bucket_count()) return;
  const ContactRef* entries = entries_.data();
  const bool in = std::any_of(entries + starts_[bucket], entries + end_of(bucket),
                              [&](ContactRef entry) { return same_node(entry, contact); });
  if (in || dead_.contains(contact)) return;
  const ContactRef* held = spares(bucket);
  if (held != nullptr && held[kSpares - 1] != kNoContact) return;
  if (book_->shares_endpoint(contact)) return;  // who is there has to be heard from
  add_spare(bucket, contact);
}

RoutingTable::Failed RoutingTable::fail(ContactRef contact, Time now) {
  const auto bucket = static_cast<std::size_t>(bucket_of(contact));
  if (!rules_.evict || bucket >= bucket_count()) return Failed::stays;
  const std::size_t at = position(bucket, contact);
  if (at == end_of(bucket)) {
    drop_spares(bucket, [&](ContactRef spare) { return spare == contact; });
    return Failed::stays;
  }
  EntryState state = states_[at];
  state.fail();
  if (state.failures() < kBad) {
    move(at, starts_[bucket], contact, state);
    return Failed::stays;
  }
  erase(bucket, at);
  if (state.answered()) dead_.bury(contact, now, entries_.size());
  return promote_spare(bucket, now) ? Failed::replaced : Failed::vacant;
}

bool RoutingTable::doubt(ContactRef contact) {
  const auto bucket = static_cast<std::size_t>(bucket_of(contact));
  if (!rules_.evict || bucket >= bucket_count()) return false;
  const std::size_t at = position(bucket, contact);
  if (at == end_of(bucket) || states_[at].failures() > 0) return false;
  EntryState state = states_[at];
  state.fail();
  move(at, starts_[bucket], contact, state);
  return true;
}

void RoutingTable::remove(ContactRef contact) {
  const auto bucket = static_cast<std::size_t>(bucket_of(contact));
  if (bucket >= bucket_count()) return;
  const std::size_t at = position(bucket, contact);
  if (at != end_of(bucket)) erase(bucket, at);
}

// ----- entries -----

// Doubling, as a vector does by itself, would leave a third of all tables' memory unused.
void RoutingTable::insert(std::size_t bucket, std::size_t at, ContactRef contact,
                          EntryState state) {
  while (bucket_count() <= bucket) starts_.push_back(starts_.back());
  if (entries_.size() == entries_.capacity()) {
    const std::size_t room = entries_.size() + entries_.size() / 4 + 8;
    entries_.reserve(room);
    states_.reserve(room);
  }
  on_trial_ += is_on_trial(state) ? 1 : 0;
  entries_.insert(entries_.begin() + static_cast<std::ptrdiff_t>(at), contact);
  states_.insert(states_.begin() + static_cast<std::ptrdiff_t>(at), state);
  for (std::size_t i = bucket + 1; i < starts_.size(); ++i) ++starts_[i];
}

void RoutingTable::erase(std::size_t bucket, std::size_t at) {
  on_trial_ -= is_on_trial(states_[at]) ? 1 : 0;
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(at));
  states_.erase(states_.begin() + static_cast<std::ptrdiff_t>(at));
  for (std::size_t i = bucket + 1; i < starts_.size(); ++i) --starts_[i];
}

void RoutingTable::move(std::size_t from, std::size_t to, ContactRef contact, EntryState state) {
  ContactRef* entries = entries_.data();
  EntryState* states = states_.data();
  on_trial_ += is_on_trial(state) ? 1 : 0;
  if (on_trial_ > 0 && is_on_trial(states[from])) --on_trial_;
  if (from < to) {
    std::copy(entries + from + 1, entries + to + 1, entries + from);
    std::copy(states + from + 1, states + to + 1, states + from);
  } else {
    std::copy_backward(entries + to, entries + from, entries + from + 1);
    std::copy_backward(states + to, states + from, states + from + 1);
  }
  entries[to] = contact;
  states[to] = state;
}

// ----- spares -----

// The last one makes way, or whoever it is under another address.
void RoutingTable::add_spare(std::size_t bucket, ContactRef contact) {
  if (spares(bucket) == nullptr) spares_.resize((bucket + 1) * kSpares, kNoContact);
  ContactRef* held = spares(bucket);
  if (held[0] == contact) return;
  std::size_t place = 0;
  while (place + 1 < kSpares && held[place] != kNoContact && !same_node(held[place], contact)) {
    ++place;
  }
  std::copy_backward(held, held + place, held + place + 1);
  held[0] = contact;
}

template <typename Which>
void RoutingTable::drop_spares(std::size_t bucket, Which which) {
  ContactRef* held = spares(bucket);
  if (held == nullptr) return;
  ContactRef* const end = std::find(held, held + kSpares, kNoContact);
  std::fill(std::remove_if(held, end, which), end, kNoContact);
}

// It is known by what it once said, or by what others say: as one that has failed it is pinged
// next.
bool RoutingTable::promote_spare(std::size_t bucket, Time now) {
  const ContactRef* held = spares(bucket);
  for (std::size_t i = 0; held != nullptr && i < kSpares && held[i] != kNoContact; ++i) {
    const ContactRef spare = held[i];
    if (!has_room(bucket, spare)) continue;
    // Somebody else is known there, though not reached: both cannot be.
    if (book_->shares_endpoint(spare) && holder_of_endpoint(spare) != entries_.size()) continue;
    drop_spares(bucket, [&](ContactRef other) { return other == spare; });
    EntryState state = EntryState::heard_at(now, false);
    state.fail();
    insert(bucket, starts_[bucket], spare, state);
    return true;
  }
  return false;
}

// ----- looking after them -----

ContactRef RoutingTable::to_probe(Time now, const std::vector<ContactRef>& busy) const {
  enum class Need : std::uint8_t { none, silent, vacancy, contested, failed };
  Need greatest = Need::none;
  Duration longest{0};
  ContactRef chosen = kNoContact;
  std::bitset<NodeId::kBits + 1> waits;
  for (const ContactRef contact : busy) waits.set(static_cast<std::size_t>(bucket_of(contact)));
  const auto choose = [&](Need need, ContactRef contact) {
    greatest = need;
    chosen = contact;
  };
  for (std::size_t bucket = 0; bucket < bucket_count(); ++bucket) {
    if (waits[bucket]) continue;
    const std::size_t count = bucket_entries(bucket);
    const ContactRef* held = spares(bucket);
    const bool spare = held != nullptr && held[0] != kNoContact;
    if (spare && greatest < Need::vacancy && has_room(bucket, held[0])) {
      choose(Need::vacancy, held[0]);
    }
    if (count == 0) continue;
    const ContactRef oldest = entries_[starts_[bucket]];
    const EntryState state = states_[starts_[bucket]];
    const Duration age = state.age(now);
    if (state.failures() > 0 && greatest < Need::failed) choose(Need::failed, oldest);
    if (spare && count == rules_.bucket_size && greatest < Need::contested &&
        is_questionable(state, now)) {
      choose(Need::contested, oldest);
    }
    if (greatest <= Need::silent && age > longest && age >= patience() / 2) {
      choose(Need::silent, oldest);
      longest = age;
    }
  }
  return chosen;
}

Time RoutingTable::next_questionable(Time now) const {
  Time next = kTimeMax;
  for (std::size_t bucket = 0; bucket < bucket_count(); ++bucket) {
    if (bucket_entries(bucket) == 0) continue;
    const Duration age = states_[starts_[bucket]].age(now);
    next = std::min(next, now + std::max(Duration{0}, patience() - age));
  }
  return next;
}

}  // namespace macula::dht
