// Joining the network through bootstrap nodes, and finding back to them.
//
// A node meets whoever listens at the configured endpoints (dht/node/bootstraps.h), and looks up
// its own id, asking those and the contacts it was given first; then it looks up one random id in
// every bucket farther than its closest neighbour's (Kademlia, 2002, section 2.3). Where nobody
// answers it tries again after a jittered, doubling delay, so that the clients of a bootstrap node
// that died do not come back in lockstep. So does a node that has lost all contacts.
//
// Once it has joined, an endpoint is asked again, with growing pauses, when whoever was met there,
// or came to its place since, has left the table, and when the node is short of contacts. A contact
// met then is asked for the own id before all others: among more than k nodes a lookup might not
// come to it, and one that is back knows nobody.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "dht/node/bootstraps.h"
#include "dht/node/search.h"
#include "dht/node/served_calls.h"

namespace macula::dht {

class Join {
 public:
  enum class State : std::uint8_t { idle, joining, waiting, joined };

  static constexpr Duration kFirstRetry = std::chrono::seconds(1);
  static constexpr Duration kLongestRetry = std::chrono::seconds(40);
  // A node with fewer contacts is short of them.
  static constexpr std::size_t kFew = RoutingTable::kFew;

  Join(Context& context, Searches& searches, std::vector<ContactRef> known,
       const std::vector<Endpoint>& endpoints)
      : context_(&context),
        searches_(&searches),
        contacts_(std::move(known)),
        known_(static_cast<std::uint32_t>(contacts_.size())) {
    if (!endpoints.empty()) set_endpoints(endpoints);
  }

  // With no bootstrap nodes the node is the first of its network: joined at once.
  void start();
  // For good: what was asked has no effect any more.
  void stop();
  void on_retry();
  void on_met(Token token, ContactRef contact);
  void set_endpoints(const std::vector<Endpoint>& endpoints);

  // A request to the contact has failed; `left`: by that it has left the table.
  void on_failed(ContactRef contact, bool left);

  [[nodiscard]] State state() const { return state_; }
  // Bootstrap nodes: those that were given, and who was met last at each endpoint.
  [[nodiscard]] const std::vector<ContactRef>& contacts() const { return contacts_; }

  void keep_contacts(ContactMarks& marks) const;

 private:
  using Place = Bootstraps::Place;

  void attempt();
  // `first` are asked themselves, however many others are closer: they are to be known again.
  void look_up_self(std::vector<ContactRef> start, std::vector<ContactRef> first);
  void on_self_lookup(const SearchResult& result);
  void remember_silent();
  // Joins through those that were met while a lookup was under way; false where there are none.
  bool look_up_late();
  void refresh(int bucket);
  void finish();
  // A node that knows few notices soon that one of them has died, or has begun anew.
  void care_for_few();
  void retry_later();
  // All that could be asked was asked in vain.
  void give_up_for_now();
  // An endpoint that is to be asked again is asked then.
  void wake_for_bootstraps();
  [[nodiscard]] bool asking() const { return bootstraps_ != nullptr && bootstraps_->asking(); }
  void collect_contacts();
  [[nodiscard]] bool in_table(ContactRef contact) const;

  Context* context_;
  Searches* searches_;
  std::unique_ptr<Bootstraps> bootstraps_;  // where endpoints are configured
  std::vector<ContactRef> contacts_;        // those given, then those met
  std::uint32_t known_;                     // how many were given
  State state_ = State::idle;
  std::uint8_t doublings_ = 0;  // of the delay of the next retry
  bool looking_up_ = false;
  bool stopped_ = false;
  TimerId timer_ = kNoTimer;
};

}  // namespace macula::dht
