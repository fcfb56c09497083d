// The medium: what lies between the nodes of a network, whichever world it is. It decides the fate
// of every packet, by the rules that stand (sim/net/rule.h) and then by the link (sim/net/link.h).
//
//   Medium medium(model, seed);
//   const std::size_t number = medium.add(std::make_shared<Cut>(a, b, one_way));
//   Fate fate = medium.fate({from, to, now, bytes});
//   medium.remove(number);
//   medium.stopped(number);                 // how many packets this rule has met
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/net/link.h"
#include "sim/net/rule.h"

namespace macula::sim {

class Medium {
 public:
  Medium(const LinkModel& model, std::uint64_t seed, const Fates& fates = {})
      : links_(model, seed, fates) {}

  // The rule's number, counted from 0; those of former rules are not used again.
  std::size_t add(std::shared_ptr<const Rule> rule);
  void remove(std::size_t number);
  // The numbers of those that stand.
  [[nodiscard]] std::vector<std::size_t> standing() const;
  // The packets that a rule has met, also of one that stands no more.
  [[nodiscard]] std::uint64_t stopped(std::size_t number) const { return stopped_[number]; }

  // Whether a rule stops all that the first sends to the second now.
  [[nodiscard]] bool parts(NodeNumber from, NodeNumber to) const;

  // The fate of a datagram of its own.
  [[nodiscard]] Fate fate(const Packet& packet) {
    if (stops(packet)) return kStopped;
    return links_.fate(packet.from, packet.to, packet.sent);
  }
  // The fate of bytes that share datagrams with those that left in the same event: see Links::fate.
  [[nodiscard]] Fate shared_fate(const Packet& packet) {
    if (stops(packet)) return kStopped;
    return links_.fate(packet.from, packet.to, packet.sent, packet.bytes);
  }

  [[nodiscard]] Links& links() { return links_; }
  [[nodiscard]] const Links& links() const { return links_; }

 private:
  struct Standing {
    std::size_t number;
    std::shared_ptr<const Rule> rule;
  };
  static constexpr Fate kStopped{Duration{0}, true, Duration{0}, true, 0xffffffff};

  // Every rule that it meets counts it. With no rule a packet pays one branch.
  [[nodiscard]] bool stops(const Packet& packet) { return !rules_.empty() && meets(packet); }
  bool meets(const Packet& packet);

  Links links_;
  std::vector<Standing> rules_;
  std::vector<std::uint64_t> stopped_;  // by number
};

}  // namespace macula::sim
