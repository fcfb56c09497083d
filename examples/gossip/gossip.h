// A node that spreads rumours: whatever is news to it, it tells to a few others at once, and in
// each round it asks one other for what it has missed (Demers et al., "Epidemic algorithms for
// replicated database maintenance", 1987: rumour mongering, backed up by anti-entropy).
//
//   Gossip node(host, others, config);
//   node.start();
//   node.tell({1, "the king is dead"});
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "rumours.h"
#include "transport/guest.h"
#include "transport/host.h"

namespace gossip {

struct Config {
  std::uint32_t fanout = 3;                                     // told of news, drawn at random
  macula::Duration round = std::chrono::seconds(1);             // between two pulls, on average
  macula::Duration patience = std::chrono::milliseconds(1500);  // for the answer to one
  bool pull = true;                                             // whether it asks at all
};

class Gossip final : public macula::transport::Guest<Rumours> {
 public:
  using Host = macula::transport::Host<Rumours>;
  using Peer = macula::transport::Peer;

  // `others`: the peers it knows, at least one.
  Gossip(Host& host, std::vector<Peer> others, const Config& config);

  void start();
  // A rumour that starts here.
  void tell(const Rumour& rumour);
  // The rumours that it has heard, by id.
  [[nodiscard]] const std::map<std::uint64_t, std::string>& known() const { return known_; }
  // The peers that it knows.
  [[nodiscard]] const std::vector<Peer>& others() const { return others_; }
  // Goes on where a former life ended.
  void take_over(const Gossip& former) { known_ = former.known_; }

 private:
  void on_message(const macula::transport::Sender& from, Rumours& message) override;
  void on_request(const macula::transport::Sender& from, macula::transport::InboundId request,
                  Rumours& message) override;
  void on_reply(macula::transport::Token token, Rumours& message) override;
  void on_failure(macula::transport::Token token, macula::transport::Failure failure) override;
  void on_timer(macula::transport::Token token) override;

  [[nodiscard]] Peer any_other();
  void take(const std::vector<Rumour>& rumours);
  void pull();

  Host* host_;
  std::vector<Peer> others_;
  Config config_;
  std::map<std::uint64_t, std::string> known_;  // by id
};

}  // namespace gossip
