// Whether a node can reach anybody: what /readyz says, and why not.
//
//   Readiness readiness(loop, live);
//   readiness.state(); readiness.reason();
//
// A node that knows others pings the nearest of them now and then, always the same one, to which
// there is a connection by then. When that does not answer it asks some more; when they do not,
// either, or nobody is left in its table, the node is isolated: until somebody answers again.
// The first node of a network that nobody has joined yet is ready: there is nobody to be reached.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dht/quic/node/live_node.h"

namespace macula::dht::quic {

class Readiness {
 public:
  enum class State : std::uint8_t { joining, ready, isolated, leaving };

  static constexpr Duration kInterval = std::chrono::seconds(15);  // between two pings
  static constexpr Duration kAgain = std::chrono::seconds(5);      // while isolated
  static constexpr Duration kPatience = std::chrono::seconds(5);   // with one of them
  static constexpr std::size_t kMore = 4;  // asked where the first is silent

  // Both must outlive it. `known`: it had contacts in a former life.
  Readiness(Loop& loop, LiveNode& live, bool known);
  ~Readiness();
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  [[nodiscard]] State state() const;
  [[nodiscard]] bool ready() const { return state() == State::ready; }
  void keep_contacts(ContactMarks& marks) const { marks.keep(asked_); }
  // For a person; empty when ready.
  [[nodiscard]] std::string reason() const;

 private:
  void check();
  void check_after(Duration delay);
  void ask(const std::vector<ContactRef>& contacts);
  void on_asked(std::uint64_t round, ContactRef contact, bool answered);

  Loop& loop_;
  LiveNode& live_;
  std::optional<Loop::DeadlineId> next_;
  bool known_;                     // others were known at some time
  ContactRef asked_ = kNoContact;  // who answered last
  std::uint64_t round_ = 0;        // of questions; answers to former ones do not count
  std::size_t waiting_ = 0;        // for so many answers
  std::size_t silent_ = 0;         // so many did not answer
  std::size_t alone_ = 0;          // nobody of so many answered, and nobody has since
};

[[nodiscard]] std::string_view state_name(Readiness::State state);

}  // namespace macula::dht::quic
