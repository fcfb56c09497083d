// The endpoints at which bootstrap nodes are configured, and who was met there last.
//
//   Bootstraps bootstraps(context);
//   bootstraps.set(endpoints);
//   bootstraps.ask(place);                          // host.meet; its outcome comes to `met`
//   if (auto* met = bootstraps.met(token, contact)) ...
//
// An endpoint is configured, the node behind it is not: it may come back under a new key, and what
// it announces may be an address that cannot be dialled from here. So who listens there is asked
// anew whenever the one met last has fallen silent (dht/node/join.h says when).
#pragma once

#include <cstdint>
#include <vector>

#include "dht/node/context.h"

namespace macula::dht {

class Bootstraps {
 public:
  static constexpr Duration kPatience = std::chrono::seconds(5);  // with one that does not answer
  static constexpr Duration kFirstPause = std::chrono::seconds(1);
  static constexpr Duration kLongestPause = std::chrono::minutes(5);

  struct Place {
    Endpoint endpoint;
    ContactRef contact = kNoContact;  // who was met there last
    std::uint32_t number = 0;         // names it in tokens
    Duration pause = kFirstPause;     // before it is asked again; doubles where nobody answers
    Time again = kTimeMax;            // when it is to be asked again; kTimeMax: no need to
    bool asking = false;
    bool late = false;  // met while another lookup was under way: to be joined through after it
  };

  explicit Bootstraps(Context& context) : context_(&context) {}

  // From now on these. A contact met at one that stays remains known.
  void set(const std::vector<Endpoint>& endpoints);
  // Asks who is there, unless that is being asked already.
  void ask(Place& place);
  void ask_all();
  // The outcome of a meeting. Nothing for a place that is configured no more.
  [[nodiscard]] Place* met(Token token, ContactRef contact);
  // Nobody has to be asked but those that fall silent from now on.
  void ask_again(Place& place);
  // Whether the contact is the one met there last, or is where that one was: it may have taken its
  // place in the table before anybody noticed (RoutingTable, on addresses).
  [[nodiscard]] bool is_at(const Place& place, ContactRef contact) const;
  // Its bootstrap node is this very node.
  void remove(const Place& place);

  [[nodiscard]] bool asking() const;
  // When the next of them is to be asked again.
  [[nodiscard]] Time next() const;
  [[nodiscard]] std::vector<Place>& places() { return places_; }
  [[nodiscard]] const std::vector<Place>& places() const { return places_; }
  [[nodiscard]] bool empty() const { return places_.empty(); }

 private:
  Context* context_;
  std::vector<Place> places_;
  std::uint32_t last_number_ = 0;
};

}  // namespace macula::dht
