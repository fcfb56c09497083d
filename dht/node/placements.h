// Sees to it that what a node publishes, or takes back, reaches others.
//
//   placements.began(publication);                    // a lookup for it has begun
//   placements.sent(key, provider, at, result);       // STORE was sent to whom it has found
//
// STORE has no answer. So whoever is closest is pinged right after it: its answer says that the two
// reach each other. Where nobody answers, or fewer than k have and others are silent,
// the publication is placed again after 4 s, 8 s, 16 s, with jitter, and as soon as somebody is
// met; so is all that is published once no contact is left. While nothing gets through, one of them
// is tried at a time; then all, one after another. None of it waits for the budget of chores: it is
// what the user asked for.
//
// A node that is closer than the last of the k and did not answer the lookup, slow or away, is
// pinged, too, and stored at when it answers: not before, since a STORE that waits for the end of a
// cut would seem younger than it is. For most of a minute it is pinged again every 4 to 8 s. From
// then on it is once more when somebody is met who is so close, who is asked, too: after a long
// cut.
//
// A client takes no messages. So it does not ping the closest but asks it for the key, each time
// that it publishes: thus it hears that its value was replaced (Storage::learn).
#pragma once

#include <cstddef>
#include <cstdint>

#include "dht/node/slots.h"
#include "dht/node/storage.h"
#include "dht/node/token.h"

namespace macula::dht {

class Placements {
 public:
  static constexpr Duration kFirstRetry = std::chrono::seconds(4);
  static constexpr Duration kLongestRetry = std::chrono::seconds(16);
  static constexpr Duration kSoon = std::chrono::seconds(2);         // once somebody is met
  static constexpr Duration kPause = std::chrono::milliseconds(50);  // between two of many
  static constexpr Duration kMissedPause = std::chrono::seconds(8);
  static constexpr std::uint8_t kMostMissed = 9;  // times that who was missed is asked
  static constexpr std::size_t kMostKept = 64;    // of those that were missed, or met later
  // From so long after it was published on whoever is met is asked; until then, who was missed is.
  static constexpr Duration kLong = std::chrono::minutes(1);

  Placements(Context& context, Storage& storage) : context_(&context), storage_(&storage) {}

  void began(Publication& publication);
  // `at`: when it was published.
  void sent(const Key& key, bool provider, Time at, const StoreResult& result);
  // Somebody was met who was not known, or is back.
  void hurry(ContactRef contact);
  // Nobody is left in the table.
  void lost_all();
  // After a restart.
  void resume();
  // For good.
  void stop();

  void on_reply(Token token, wire::Message& message);
  void on_failure(Token token);
  void on_timer();

  // Requests under way.
  [[nodiscard]] std::size_t size() const { return asked_.size(); }

 private:
  struct Asked {
    Key key;
    bool provider;
    bool missed;  // it is to be stored there
    Time published;
  };

  [[nodiscard]] bool works() const;
  void ask(const Publication& publication, ContactRef contact, bool missed);
  void ask_missed(Publication& publication);
  [[nodiscard]] std::uint64_t reach_of(const std::vector<ContactRef>& closest,
                                       const Key& key) const;
  // Asks a contact that should hold some of it, and was away for long.
  void ask_returned(ContactRef contact);
  // It was not placed, and is tried again later.
  void failed(Publication& publication);
  // A withdrawal that has reached others is done with.
  void settle(const Publication& publication);
  // Sets the timer for what is due first.
  void plan();
  [[nodiscard]] Publication* first_unplaced() const;
  [[nodiscard]] Duration drawn(Duration most) const;
  // The next try comes within this time, if none comes sooner.
  void try_within(Duration most);

  Context* context_;
  Storage* storage_;
  Slots<Asked> asked_;
  Time try_at_{};  // nothing is placed again before that
  Duration retry_ = kFirstRetry;
  bool in_vain_ = false;  // the last that was tried reached nobody
  TimerId timer_ = kNoTimer;
  Time timer_at_ = kTimeMax;
  bool stopped_ = false;
};

}  // namespace macula::dht
