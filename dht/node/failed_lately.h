// Providers that have failed a short time ago: the next call tries them last.
//
//   failed.add(provider, now);                    // it was silent, refused, or cannot be reached
//   failed.remove(provider);                      // it has answered
//   failed.put_last(providers, now);
//
// Bounded: whoever failed longest ago makes room. A provider is a contact: who failed at one
// address may be well at another.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/time.h"
#include "dht/contact/contact_marks.h"

namespace macula::dht {

class FailedLately {
 public:
  static constexpr std::size_t kLimit = 128;
  static constexpr Duration kRemembered = std::chrono::minutes(5);

  void add(ContactRef provider, Time now) {
    remove(provider);
    if (!failed_) failed_ = std::make_unique<Failed>();
    if (failed_->size() == kLimit) failed_->erase(failed_->begin());
    failed_->emplace_back(provider, now);
  }
  void remove(ContactRef provider) {
    if (!failed_) return;
    failed_->erase(std::remove_if(failed_->begin(), failed_->end(),
                                  [&](const auto& each) { return each.first == provider; }),
                   failed_->end());
  }
  // Those that have not failed keep their order; of the others, whoever failed longest ago is
  // first.
  void put_last(std::vector<ContactRef>& providers, Time now) const {
    if (!failed_) return;
    const Failed& failed = *failed_;
    const auto rank = [&](ContactRef provider) {
      for (std::size_t i = 0; i < failed.size(); ++i) {
        if (failed[i].first == provider) return failed[i].second + kRemembered > now ? i + 1 : 0;
      }
      return std::size_t{0};
    };
    std::stable_sort(providers.begin(), providers.end(),
                     [&](ContactRef a, ContactRef b) { return rank(a) < rank(b); });
  }

  void keep_contacts(ContactMarks& marks) const {
    if (!failed_) return;
    for (const auto& [provider, time] : *failed_) marks.keep(provider);
  }

  [[nodiscard]] std::size_t size() const { return failed_ ? failed_->size() : 0; }

 private:
  using Failed = std::vector<std::pair<ContactRef, Time>>;  // whoever failed longest ago first

  std::unique_ptr<Failed> failed_;  // made when first needed: most nodes call nobody
};

}  // namespace macula::dht
