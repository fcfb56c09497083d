// A lookup over d paths that share no peer (S/Kademlia; Baumgart and Mies, 2007, section 4.4): who
// lies leads only one of them astray. With one path it is that `Lookup`, and costs no more.
//
//   DisjointLookup lookup(Lookup(book, self, target, rules), paths);
//
// Used as a `Lookup` is. The contacts to start from are dealt to the paths in turn. Each path looks
// for the k closest on its own and hears only what its own peers answer. A peer is asked by the
// path that comes to it first. Another path that comes to it later learns whether it answered, so
// that the peer has its place among the k closest there, too, but not what it answered. The result
// is the k closest that answered on any path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/violation.h"
#include "dht/lookup/lookup.h"

namespace macula::dht {

class DisjointLookup {
 public:
  // `paths` from 1 on.
  DisjointLookup(Lookup first, std::size_t paths);

  void add_start(ContactRef contact) { next_path().add_start(contact); }
  void add_start(const ContactList& contacts);
  void add_first(ContactRef contact) { next_path().add_first(contact); }
  // One more that the searcher's own table knows, at any time. False where it is known already.
  bool offer(ContactRef contact);
  [[nodiscard]] std::optional<ContactRef> next() {
    return paths_ == nullptr ? first_.next() : next_of_paths();
  }
  void set_request(RequestId request, Time sent, Time slow_at);

  std::optional<Lookup::Outstanding> on_answer(ContactRef from, const ContactList& nodes);
  std::optional<Lookup::Outstanding> on_failure(ContactRef from, Failure failure);
  void on_slow(ContactRef contact);
  void wait_no_more();

  [[nodiscard]] bool finished() const;
  // The number of the k closest that have answered.
  [[nodiscard]] std::size_t answered() const {
    return paths_ == nullptr ? first_.answered() : merged(false).size();
  }
  [[nodiscard]] std::vector<ContactRef> closest() const;
  [[nodiscard]] std::vector<ContactRef> closest_heard() const;
  // The missed contacts of all paths (Lookup::missed), each once.
  [[nodiscard]] std::vector<ContactRef> missed() const;
  // Depth: the least of any path; rounds: the most; the rest is counted once a peer.
  [[nodiscard]] LookupStats stats() const;
  [[nodiscard]] const NodeId& target() const { return first_.target(); }
  [[nodiscard]] const std::vector<Lookup::Outstanding>& outstanding() const {
    return paths_ == nullptr ? first_.outstanding() : paths_->outstanding;
  }
  // Whether all requests under way are to slow ones.
  [[nodiscard]] bool only_slow() const {
    return paths_ == nullptr ? first_.asked() == 0 : are_slow(paths_->outstanding);
  }
  // Everybody it heard of and did not ask.
  template <typename Visit>
  void for_each_heard(Visit visit) const {
    const std::size_t paths = paths_ == nullptr ? 1 : paths_->lookups.size();
    for (std::size_t i = 0; i < paths; ++i) {
      for (const auto& candidate : (paths_ == nullptr ? first_ : paths_->lookups[i]).candidates()) {
        if (candidate.state == Lookup::State::heard) visit(candidate.ref);
      }
    }
  }

  void keep_contacts(ContactMarks& marks) const;

  // An invariant that one of its paths breaks, or a peer that two of them have asked.
  [[nodiscard]] Violation violation() const;
  [[nodiscard]] bool is_progress_sound() const;

 private:
  // Contacts to start from go to the paths in turn.
  [[nodiscard]] Lookup& next_path();
  struct Asked {
    ContactRef contact;
    std::size_t path;
    Lookup::State state;
  };
  struct Paths {
    std::vector<Lookup> lookups;
    std::vector<Asked> asked;
    std::vector<Lookup::Outstanding> outstanding;
    LookupStats stats;  // what is counted once a peer
    std::size_t turn = 0;
  };

  [[nodiscard]] static bool are_slow(const std::vector<Lookup::Outstanding>& requests);
  [[nodiscard]] std::optional<ContactRef> next_of_paths();
  [[nodiscard]] std::optional<ContactRef> next_of(std::size_t path);
  // The peer's entry among those asked, under this address or another.
  [[nodiscard]] Asked* asked(ContactRef contact) const;
  std::optional<Lookup::Outstanding> take_outstanding(ContactRef contact);
  // Tells the outcome of a peer to a path that would have asked it, too.
  static void tell(Lookup& path, ContactRef contact, Lookup::State state);
  void tell_others(const Asked& peer);
  [[nodiscard]] std::vector<ContactRef> merged(bool heard) const;

  Lookup first_;                  // the only one, where there is one path
  std::unique_ptr<Paths> paths_;  // with more than one
  const ContactBook* book_;
  std::uint32_t k_;
};

}  // namespace macula::dht
