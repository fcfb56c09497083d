#include "dht/contact_book.h"

#include "base/hash.h"

namespace macula::dht {
namespace {

std::uint64_t hash_id_words(std::uint64_t state, const NodeId& id) {
  for (const auto word : id.words) state = mix(state, word);
  return state;
}

std::string_view bytes_of(const Endpoint& endpoint) {
  return {reinterpret_cast<const char*>(endpoint.address.data()), endpoint.address.size()};
}

std::uint64_t hash_endpoint(const Endpoint& endpoint) {
  return mix(endpoint.port, hash_bytes(bytes_of(endpoint)));
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
  if (slots_.size() < 2 * (ids_.size() + 1)) grow_index(slots_.empty() ? 64 : slots_.size() * 2);
  ContactRef& slot = slots_[slot_of(contact)];
  if (slot != kNoContact) return slot;
  if (ids_.size() >= limit_) return std::nullopt;

  slot = ContactRef{static_cast<std::uint32_t>(ids_.size())};
  Rest rest{contact.endpoint, 0};
  if (contact.relay) {
    rest.relay = static_cast<std::uint32_t>(relays_.size());
    relays_.push_back(*contact.relay);
  }
  ids_.push_back(contact.id);
  prefixes_.push_back(contact.id.words[0]);
  fingerprints_.push_back(hash_contact(contact));
  wire_sizes_.push_back(wire_size_of(contact));
  aliased_.push_back(false);
  relayed_.push_back(contact.relay.has_value());
  routable_.push_back(dht::is_routable(contact.endpoint));
  housemates_.push_back(false);
  rest_.push_back(rest);
  const ContactRef added = slot;
  mark_aliases(added);
  mark_neighbours(added);
  return added;
}

std::optional<ContactRef> ContactBook::find(const Contact& contact) const {
  if (slots_.empty()) return std::nullopt;
  const ContactRef ref = slots_[slot_of(contact)];
  return ref != kNoContact ? std::optional(ref) : std::nullopt;
}

Contact ContactBook::contact(ContactRef ref) const {
  const Rest& rest = rest_[index(ref)];
  Contact contact{id(ref), rest.endpoint, std::nullopt};
  if (is_relayed(ref)) contact.relay = relays_[rest.relay];
  return contact;
}

void ContactBook::reserve(std::size_t count) {
  ids_.reserve(count);
  prefixes_.reserve(count);
  fingerprints_.reserve(count);
  wire_sizes_.reserve(count);
  aliased_.reserve(count);
  relayed_.reserve(count);
  routable_.reserve(count);
  housemates_.reserve(count);
  rest_.reserve(count);
  by_endpoint_.reserve(count);
  by_subnet_.reserve(count);
  std::size_t slots = 64;
  while (slots < 2 * (count + 1)) slots *= 2;
  if (slots > slots_.size()) grow_index(slots);
}

bool ContactBook::same(ContactRef ref, const Contact& contact) const {
  return id(ref) == contact.id && this->contact(ref) == contact;
}

std::size_t ContactBook::slot_of(const Contact& contact) const {
  std::size_t slot = hash_id_words(0, contact.id) & (slots_.size() - 1);
  while (slots_[slot] != kNoContact && !same(slots_[slot], contact)) {
    slot = (slot + 1) & (slots_.size() - 1);
  }
  return slot;
}

void ContactBook::mark_aliases(ContactRef added) {
  std::size_t slot = hash_id_words(0, id(added)) & (slots_.size() - 1);
  for (; slots_[slot] != kNoContact; slot = (slot + 1) & (slots_.size() - 1)) {
    if (slots_[slot] == added || id(slots_[slot]) != id(added)) continue;
    aliased_[index(slots_[slot])] = true;
    aliased_[index(added)] = true;
  }
}

void ContactBook::mark_neighbours(ContactRef added) {
  const auto subnet = [this](ContactRef ref) { return subnet_of(endpoint(ref)); };
  if (!shares_subnets_ && subnet(added) != 0) {
    ContactRef& first = by_subnet_.find(
        mix(subnet(added), 1), [&](ContactRef ref) { return subnet(ref) == subnet(added); },
        [&](ContactRef ref) { return mix(subnet(ref), 1); });
    shares_subnets_ = first != kNoContact;
    if (!shares_subnets_) first = added;
  }
  if (is_relayed(added)) return;
  ContactRef& first = by_endpoint_.find(
      hash_endpoint(endpoint(added)),
      [&](ContactRef ref) { return endpoint(ref) == endpoint(added); },
      [&](ContactRef ref) { return hash_endpoint(endpoint(ref)); });
  if (first == kNoContact) {
    first = added;
  } else {
    housemates_[index(first)] = true;
    housemates_[index(added)] = true;
  }
}

void ContactBook::grow_index(std::size_t slots) {
  slots_.assign(slots, kNoContact);
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    std::size_t slot = hash_id_words(0, ids_[i]) & (slots - 1);
    while (slots_[slot] != kNoContact) slot = (slot + 1) & (slots - 1);
    slots_[slot] = ContactRef{static_cast<std::uint32_t>(i)};
  }
}

}  // namespace macula::dht
