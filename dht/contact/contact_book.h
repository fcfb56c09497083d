// Contacts, each written down once and named by a 32-bit handle.
//
//   ContactBook book(limit);
//   ContactRef ref = *book.intern({id, endpoint, relay});
//   book.id(ref); book.endpoint(ref);
//
// Contacts that nobody has in hand any more are given back (`keep_only`): others name as many as
// they like, and each answer names twenty.
//
// A routing table of a large network holds hundreds of entries per node: with one book for all
// virtual nodes of a run, an entry costs 4 bytes in place of 60. A production node has a book of
// its own. The hot columns (ids, their first 64 bits) lie apart from the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/open_table.h"
#include "dht/contact/contact_ref.h"
#include "dht/contact/endpoint.h"
#include "dht/contact/keyed_hash.h"
#include "dht/contact/node_id.h"
#include "transport/peer.h"

namespace macula::dht {

using transport::Contact;

class ContactMarks;

class ContactBook {
 public:
  static constexpr std::size_t kDefaultLimit = std::size_t{1} << 24;

  // At most `limit` different contacts.
  // `hash`: with a random key where contacts come from outside.
  explicit ContactBook(std::size_t limit = kDefaultLimit, const KeyedHash& hash = KeyedHash())
      : limit_(limit), sweep_at_(limit - limit / 4), hash_(hash) {}

  // The handle of `contact`, new or known. Nothing when the book is full.
  [[nodiscard]] std::optional<ContactRef> intern(const Contact& contact);
  // The handle of `contact` if it is known.
  [[nodiscard]] std::optional<ContactRef> find(const Contact& contact) const;

  [[nodiscard]] const NodeId& id(ContactRef ref) const { return ids_[index(ref)]; }
  // Whether this is the contact's id. Most often its first 64 bits tell.
  [[nodiscard]] bool has_id(ContactRef ref, const NodeId& id) const {
    return prefix(ref) == id.words[0] && this->id(ref) == id;
  }
  // The first 64 bits of the id: enough to order contacts by distance but for ties.
  [[nodiscard]] std::uint64_t prefix(ContactRef ref) const { return prefixes_[index(ref)]; }
  // The last byte of the id: as good as a hash of it, and near at hand.
  [[nodiscard]] std::uint8_t tail(ContactRef ref) const { return tails_[index(ref)]; }
  [[nodiscard]] const Endpoint& endpoint(ContactRef ref) const {
    return rest_[index(ref)].endpoint;
  }
  [[nodiscard]] bool is_relayed(ContactRef ref) const { return relayed_[index(ref)]; }
  [[nodiscard]] bool is_routable(ContactRef ref) const { return routable_[index(ref)]; }
  // The id of its gateway; nullptr: it is reached directly.
  [[nodiscard]] const NodeId* relay(ContactRef ref) const {
    return is_relayed(ref) ? &relays_[rest_[index(ref)].relay] : nullptr;
  }
  [[nodiscard]] Contact contact(ContactRef ref) const;
  // Whether another contact of the same id, with another endpoint or gateway, is known.
  [[nodiscard]] bool has_alias(ContactRef ref) const { return aliased_[index(ref)]; }
  // Whether another contact that is reached directly has the same endpoint as this one.
  [[nodiscard]] bool shares_endpoint(ContactRef ref) const { return housemates_[index(ref)]; }
  // Whether any two contacts lie in one subnet (`subnet_of`). Else nobody needs to look.
  [[nodiscard]] bool shares_subnets() const { return shares_subnets_; }
  // Hash of the contact's content, for digests: independent of the order of interning.
  [[nodiscard]] std::uint64_t fingerprint(ContactRef ref) const {
    return fingerprints_[index(ref)];
  }
  // Bytes of the contact's map in a list of nodes on the wire.
  [[nodiscard]] std::size_t wire_size(ContactRef ref) const { return wire_sizes_[index(ref)]; }

  // Whether `a` is closer to `target` than `b`.
  [[nodiscard]] bool closer(ContactRef a, ContactRef b, const NodeId& target) const {
    return distance(id(a), target) < distance(id(b), target);
  }

  // Little room is left: those that nobody has in hand should be given back.
  [[nodiscard]] bool crowded() const { return size() >= sweep_at_; }
  // Gives back all others. Their handles, and nobody has those, will name other contacts.
  void keep_only(const ContactMarks& marks);

  [[nodiscard]] std::size_t size() const { return ids_.size() - free_.size(); }
  // One more than the greatest handle.
  [[nodiscard]] std::size_t handles() const { return ids_.size(); }
  void reserve(std::size_t count);

 private:
  struct Rest {
    Endpoint endpoint;
    std::uint32_t relay = 0;  // index into relays_, where relayed
  };

  static std::size_t index(ContactRef ref) { return static_cast<std::size_t>(ref); }
  [[nodiscard]] bool same(ContactRef ref, const Contact& contact) const;
  [[nodiscard]] std::uint64_t hash_of(const Contact& contact) const;
  // The hash by which the indices know their contacts.
  [[nodiscard]] auto content_hash() const {
    return [this](ContactRef ref) { return hash_of(contact(ref)); };
  }
  [[nodiscard]] auto id_hash() const {
    return [this](ContactRef ref) { return hash_(id(ref)); };
  }
  [[nodiscard]] auto endpoint_hash() const {
    return [this](ContactRef ref) { return hash_(endpoint(ref)); };
  }
  [[nodiscard]] auto subnet_hash() const {
    return [this](ContactRef ref) { return hash_(subnet_of(endpoint(ref))); };
  }
  // A handle that is free, or a new one.
  [[nodiscard]] ContactRef take_handle();
  void add_to_indices(ContactRef added);
  void mark_aliases(ContactRef added);
  void mark_neighbours(ContactRef added);

  std::size_t limit_;
  std::size_t sweep_at_;  // so many are too many
  KeyedHash hash_;
  std::vector<NodeId> ids_;
  std::vector<std::uint64_t> prefixes_;
  std::vector<std::uint8_t> tails_;
  std::vector<std::uint64_t> fingerprints_;
  std::vector<std::uint16_t> wire_sizes_;
  std::vector<bool> aliased_;
  std::vector<bool> relayed_;
  std::vector<bool> routable_;
  std::vector<bool> housemates_;
  std::vector<Rest> rest_;
  std::vector<NodeId> relays_;
  std::vector<ContactRef> free_;  // given back, the lowest last
  using Index = OpenTable<ContactRef, kNoContact>;
  Index by_content_;   // all of them
  Index by_id_;        // the first of each id
  Index by_endpoint_;  // of those reached directly, the first of each endpoint
  Index by_subnet_;    // likewise, until two lie in one
  bool shares_subnets_ = false;
};

}  // namespace macula::dht
