// The versions of signed records that a reader has seen, so that it never goes back to an older
// one, whichever holder answers first.
//
//   if (seen.outdated(key, record)) ...      // a newer version was read before
//   seen.saw(key, record, until);            // until: when the version ends, and may be forgotten
//
// Bounded: the version that ends first makes room for the next.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "base/time.h"
#include "dht/contact/node_id.h"
#include "dht/wire/message.h"

namespace macula::dht {

class SeenVersions {
 public:
  static constexpr std::size_t kLimit = 1024;

  [[nodiscard]] bool outdated(const Key& key, const wire::Record& record) const;
  void saw(const Key& key, const wire::Record& record, Time until, Time now);

  [[nodiscard]] std::size_t size() const { return seen_ ? seen_->size() : 0; }

 private:
  // A hash of the provider stands for it: owner and key are exact.
  struct Origin {
    Key key;
    wire::PublicKey owner;
    std::uint64_t provider;

    friend bool operator<(const Origin& a, const Origin& b) {
      if (!(a.key == b.key)) return a.key < b.key;
      if (a.owner != b.owner) return a.owner < b.owner;
      return a.provider < b.provider;
    }
  };
  struct Version {
    std::uint64_t sequence = 0;
    Time until{};
  };
  using Versions = std::map<Origin, Version>;

  [[nodiscard]] static Origin origin_of(const Key& key, const wire::Record& record);
  void make_room(Time now);

  std::unique_ptr<Versions> seen_;  // made when first needed: most nodes read nothing
};

}  // namespace macula::dht
