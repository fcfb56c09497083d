// The records that this node publishes, and so stores again until they are withdrawn.
//
//   if (Publication* added = publications.add({key, value})) ...
//   if (Publication* due = publications.first(interval)) ...  // the one that is due first
//
// The versions of signed records are numbered by the clock, in milliseconds, and by more where a
// higher number was seen: a node whose clock was set back, or that began anew, learns from the
// holders of its older records how far it had come, and goes on from there.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "dht/contact/node_id.h"
#include "dht/wire/message.h"

namespace macula::dht {

class ContactMarks;

struct Publication {
  Key key;
  wire::SharedValue value;  // of a provider record: as published last
  bool provider = false;    // a provider record, which is made anew each time
  bool sign = false;
  Time published{};
  std::uint64_t number = 0;  // where it is not signed: which of this node's writes it is
  Time first{};              // by whoever uses the node: publishing it again is no new version
  bool withdrawn = false;
  // When it may be placed again (dht/node/placements.h); kTimeMax: it has reached others.
  Time place_at = kTimeMax;
  std::vector<ContactRef> missed{};  // should hold it, and have not answered
  Time missed_at = kTimeMax;         // when they are asked again
  std::uint8_t asked_missed = 0;     // so many times
  // By the first 64 bits of its distance: whoever is nearer than this should hold it.
  std::uint64_t reach = 0;
};

class Publications {
 public:
  static constexpr std::size_t kLimit = 65'536;

  // In place of the publication of this key, and of this kind. Nothing where there are too many.
  Publication* add(Publication publication);
  [[nodiscard]] Publication* find(const Key& key, bool provider);
  void remove(const Key& key, bool provider) { publications_.erase({key, provider}); }
  // It is published no more, and remembered as withdrawn until `forget`.
  Publication& withdraw(Publication publication);
  void forget(const Key& key, bool provider) { withdrawals_.erase({key, provider}); }
  // Published or withdrawn.
  [[nodiscard]] Publication* find_any(const Key& key, bool provider);
  [[nodiscard]] std::size_t size() const { return publications_.size(); }

  // The one that is to be published again first, with this interval.
  [[nodiscard]] Publication* first(Duration republish_interval);
  // All that is published, then all that is withdrawn.
  template <typename Visit>
  void for_each(Visit visit) {
    for (auto& each : publications_) visit(each.second);
    for (auto& each : withdrawals_) visit(each.second);
  }
  // Those that are provider records, by key.
  [[nodiscard]] std::vector<Publication> providers() const;

  // A contact that has missed one of them is in hand (dht/node/contacts_in_hand.cc).
  void keep_contacts(ContactMarks& marks) const;

  // The number of the next version.
  [[nodiscard]] std::uint64_t next_sequence(Time now);
  void saw_sequence(std::uint64_t sequence) { sequence_ = std::max(sequence_, sequence); }
  [[nodiscard]] std::uint64_t sequence() const { return sequence_; }

 private:
  using ByName = std::map<std::pair<Key, bool>, Publication>;

  ByName publications_;
  ByName withdrawals_;
  std::uint64_t sequence_ = 0;
};

}  // namespace macula::dht
