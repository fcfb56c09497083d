#include "dht/contact/contact_book.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "dht/contact/contact_marks.h"

namespace macula::dht {
namespace {

std::uint64_t hash_id_words(std::uint64_t state, const NodeId& id) {
  for (const auto word : id.words) state = mix(state, word);
  return state;
}

std::string_view bytes_of(const Endpoint& endpoint) {
  return {reinterpret_cast<const char*>(endpoint.address.data()), endpoint.address.size()};
}

std::uint64_t hash_contact(const Contact& contact) {
  std::uint64_t state = hash_id_words(contact.endpoint.port, contact.id);
  state = mix(state, hash_bytes(bytes_of(contact.endpoint)));
  return contact.relay ? hash_id_words(state, *contact.relay) : state;
}

// {node_id: bin 32, endpoint: bin text[, relay: bin 32]} with bin keys: a byte for the map, and per
// string two of header.
std::uint16_t wire_size_of(const Contact& contact) {
  std::size_t size =
      1 + (2 + 7) + (2 + 32) + (2 + 8) + (2 + format_endpoint(contact.endpoint).size());
  if (contact.relay) size += (2 + 5) + (2 + 32);
  return static_cast<std::uint16_t>(size);
}

}  // namespace

std::optional<ContactRef> ContactBook::intern(const Contact& contact) {
  if (const auto known = find(contact)) return known;
  if (size() >= limit_) return std::nullopt;

  const ContactRef added = take_handle();
  Rest rest{contact.endpoint, 0};
  if (contact.relay) {
    rest.relay = static_cast<std::uint32_t>(relays_.size());
    relays_.push_back(*contact.relay);
  }
  const std::size_t i = index(added);
  ids_[i] = contact.id;
  prefixes_[i] = contact.id.words[0];
  tails_[i] = static_cast<std::uint8_t>(contact.id.words.back());
  fingerprints_[i] = hash_contact(contact);
  wire_sizes_[i] = wire_size_of(contact);
  aliased_[i] = false;
  relayed_[i] = contact.relay.has_value();
  routable_[i] = dht::is_routable(contact.endpoint);
  housemates_[i] = false;
  rest_[i] = rest;
  add_to_indices(added);
  return added;
}

ContactRef ContactBook::take_handle() {
  if (!free_.empty()) {
    const ContactRef handle = free_.back();
    free_.pop_back();
    return handle;
  }
  const ContactRef handle{static_cast<std::uint32_t>(ids_.size())};
  ids_.emplace_back();
  prefixes_.push_back(0);
  tails_.push_back(0);
  fingerprints_.push_back(0);
  wire_sizes_.push_back(0);
  aliased_.push_back(false);
  relayed_.push_back(false);
  routable_.push_back(false);
  housemates_.push_back(false);
  rest_.emplace_back();
  return handle;
}

// Kept contacts are taken in anew, in the order of handles: so nothing is left of the others.
void ContactBook::keep_only(const ContactMarks& marks) {
  std::vector<ContactRef> kept;
  std::vector<bool> was_free(ids_.size());
  for (const ContactRef handle : free_) was_free[index(handle)] = true;
  free_.clear();
  for (std::size_t i = ids_.size(); i-- > 0;) {
    const ContactRef handle{static_cast<std::uint32_t>(i)};
    const bool keep = !was_free[i] && marks.kept(handle);
    (keep ? kept : free_).push_back(handle);
  }
  std::vector<NodeId> relays;
  by_content_.clear();
  by_id_.clear();
  by_endpoint_.clear();
  by_subnet_.clear();
  shares_subnets_ = false;
  // NOLINTNEXTLINE(modernize-loop-convert): libc++ 14 has no views
  for (auto handle = kept.rbegin(); handle != kept.rend(); ++handle) {
    const std::size_t i = index(*handle);
    aliased_[i] = housemates_[i] = false;
    if (!relayed_[i]) continue;
    relays.push_back(relays_[rest_[i].relay]);
    rest_[i].relay = static_cast<std::uint32_t>(relays.size() - 1);
  }
  relays_ = std::move(relays);
  // NOLINTNEXTLINE(modernize-loop-convert): libc++ 14 has no views
  for (auto handle = kept.rbegin(); handle != kept.rend(); ++handle) add_to_indices(*handle);
  sweep_at_ = std::max(limit_ - limit_ / 4, size() + (limit_ - size()) / 2);
}

std::optional<ContactRef> ContactBook::find(const Contact& contact) const {
  const std::size_t at =
      by_content_.find(hash_of(contact), [&](ContactRef ref) { return same(ref, contact); });
  return at != by_content_.kNone ? std::optional(by_content_[at]) : std::nullopt;
}

std::uint64_t ContactBook::hash_of(const Contact& contact) const {
  const std::uint64_t hash = mix(hash_(contact.id), hash_(contact.endpoint));
  return contact.relay ? mix(hash, hash_(*contact.relay)) : hash;
}

Contact ContactBook::contact(ContactRef ref) const {
  Contact contact{id(ref), endpoint(ref), std::nullopt};
  if (const NodeId* gateway = relay(ref)) contact.relay = *gateway;
  return contact;
}

void ContactBook::reserve(std::size_t count) {
  ids_.reserve(count);
  prefixes_.reserve(count);
  tails_.reserve(count);
  fingerprints_.reserve(count);
  wire_sizes_.reserve(count);
  aliased_.reserve(count);
  relayed_.reserve(count);
  routable_.reserve(count);
  housemates_.reserve(count);
  rest_.reserve(count);
  by_content_.reserve(count, content_hash());
  by_id_.reserve(count, id_hash());
  by_endpoint_.reserve(count, endpoint_hash());
}

bool ContactBook::same(ContactRef ref, const Contact& contact) const {
  return id(ref) == contact.id && this->contact(ref) == contact;
}

void ContactBook::add_to_indices(ContactRef added) {
  by_content_.put(hash_of(contact(added)), added, content_hash());
  mark_aliases(added);
  mark_neighbours(added);
}

// All of one id have one hash: only the first of them is looked for by it, however many others
// name.
void ContactBook::mark_aliases(ContactRef added) {
  const std::size_t first =
      by_id_.find(hash_(id(added)), [&](ContactRef other) { return id(other) == id(added); });
  if (first == by_id_.kNone) {
    by_id_.put(hash_(id(added)), added, id_hash());
  } else {
    aliased_[index(by_id_[first])] = true;
    aliased_[index(added)] = true;
  }
}

void ContactBook::mark_neighbours(ContactRef added) {
  const std::uint64_t subnet = subnet_of(endpoint(added));
  if (!shares_subnets_ && subnet != 0) {
    shares_subnets_ = by_subnet_.find(hash_(subnet), [&](ContactRef other) {
      return subnet_of(endpoint(other)) == subnet;
    }) != by_subnet_.kNone;
    if (!shares_subnets_) by_subnet_.put(hash_(subnet), added, subnet_hash());
  }
  if (is_relayed(added)) return;
  const std::size_t first = by_endpoint_.find(
      hash_(endpoint(added)), [&](ContactRef other) { return endpoint(other) == endpoint(added); });
  if (first == by_endpoint_.kNone) {
    by_endpoint_.put(hash_(endpoint(added)), added, endpoint_hash());
  } else {
    housemates_[index(by_endpoint_[first])] = true;
    housemates_[index(added)] = true;
  }
}

}  // namespace macula::dht
