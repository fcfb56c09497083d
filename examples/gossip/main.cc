// Sixty nodes on lossy links spread two rumours. The second starts while the network is cut in two;
// some rounds after the heal every node that lives must know both.
//
//   gossip [SEED] [--no-pull] [--encoded]      ends with 1 where a node does not
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "codec.h"
#include "gossip.h"
#include "sim/net/virtual_network_parts.h"

namespace gossip {
namespace {

namespace sim = macula::sim;
namespace transport = macula::transport;
using macula::Time;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr sim::NodeNumber kNodes = 60;
constexpr std::uint32_t kLossPpm = 50'000;  // a packet in twenty
constexpr std::uint64_t kFirst = 1;
constexpr std::uint64_t kSecond = 2;
constexpr Time kFirstTold = macula::kTimeZero + seconds(10);
constexpr Time kCut = macula::kTimeZero + seconds(20);
constexpr Time kSecondTold = macula::kTimeZero + seconds(25);
constexpr Time kCrash = macula::kTimeZero + seconds(30);
constexpr Time kHeal = macula::kTimeZero + seconds(40);
constexpr int kRoundsAfterHeal = 20;

// What is delivered, by kind.
class Counter final : public sim::ObserverOf<Rumours> {
 public:
  void on_event(const sim::EventOf<Rumours>& event) override {
    if (event.message != nullptr) ++delivered_[static_cast<std::size_t>(event.message->kind)];
  }

  void print() const {
    const RumourCodec codec;
    for (const auto kind : {Rumours::Kind::news, Rumours::Kind::pull, Rumours::Kind::pull_reply}) {
      Rumours message;
      message.kind = kind;
      std::cout << "  " << codec.name(message) << ": " << delivered_[static_cast<std::size_t>(kind)]
                << '\n';
    }
  }

 private:
  std::vector<std::uint64_t> delivered_ = std::vector<std::uint64_t>(3);
};

class Run {
 public:
  Run(const sim::NetworkOptions& options, const Config& config)
      : config_(config), links_(links()), network_(book_, links_, options) {
    for (sim::NodeNumber i = 0; i < kNodes; ++i) {
      peers_.push_back(*book_.intern(
          {{{i + std::uint64_t{1}, 0, 0, 0}}, transport::make_ipv4(0x0b000001 + i, 9443), {}}));
      network_.add_node({"node" + std::to_string(i), peers_[i]});
    }
    nodes_.resize(kNodes);
    for (sim::NodeNumber i = 0; i < kNodes; ++i) start(i);
    network_.observe(counter_, sim::Wants::events);
  }

  // Whether the invariant holds.
  bool run() {
    schedule();
    const Time end = kHeal + kRoundsAfterHeal * config_.round;
    if (!network_.run_until(end)) std::cout << "too many events\n";
    print();
    bool holds = true;
    for (const std::uint64_t id : {kFirst, kSecond}) {
      for (sim::NodeNumber i = 0; i < kNodes; ++i) {
        if (!network_.up(i) || nodes_[i]->knows(id)) continue;
        holds = false;
        std::cout << "violated: node" << i << " does not know rumour " << id << ' '
                  << kRoundsAfterHeal << " rounds after the heal\n";
      }
    }
    return holds;
  }

 private:
  static sim::LinkModel links() {
    sim::LinkModel model;
    model.default_delay = sim::Distribution::uniform(milliseconds(10), milliseconds(80));
    model.default_loss_ppm = kLossPpm;
    return model;
  }

  void start(sim::NodeNumber number) {
    std::vector<transport::Peer> others = peers_;
    others.erase(others.begin() + number);
    nodes_[number] = std::make_unique<Gossip>(network_.host(number), std::move(others), config_);
    network_.start(number, *nodes_[number]);
    nodes_[number]->start();
  }

  void schedule() {
    network_.schedule(kFirstTold, [this] { nodes_[0]->tell({kFirst, "the king is dead"}); });
    network_.schedule(kCut, [this] {
      std::vector<sim::NodeNumber> halves[2];
      for (sim::NodeNumber i = 0; i < kNodes; ++i) halves[i % 2].push_back(i);
      network_.cut(halves[0], halves[1], /*one_way=*/false);
    });
    network_.schedule(kSecondTold, [this] { nodes_[1]->tell({kSecond, "long live the queen"}); });
    network_.schedule(kCrash, [this] { network_.crash(5); });
    network_.schedule(kHeal, [this] {
      network_.heal();
      start(5);  // it has forgotten everything
    });
    for (int tick = 1; tick < 600; ++tick) {
      network_.look_at(macula::kTimeZero + tick * milliseconds(100), [this] { look(); });
    }
  }

  // When everybody knows, for the first time.
  void look() {
    for (std::size_t i = 0; i < all_know_.size(); ++i) {
      const auto knows = [&](const auto& node) { return node->knows(i + 1); };
      if (all_know_[i] == macula::kTimeMax && std::all_of(nodes_.begin(), nodes_.end(), knows)) {
        all_know_[i] = network_.now();
      }
    }
  }

  void print_rounds(std::uint64_t id, Time since, const char* what) const {
    std::cout << "rumour " << id << ": ";
    const Time known = all_know_[id - 1];
    if (known == macula::kTimeMax) {
      std::cout << "never known by all\n";
    } else {
      const auto rounds = (known - since + config_.round - macula::Duration{1}) / config_.round;
      std::cout << "known by all within " << rounds << " round(s) of " << what << '\n';
    }
  }
  void print() const {
    print_rounds(kFirst, kFirstTold, "being told");
    print_rounds(kSecond, kHeal, "the heal");
    std::cout << "messages a node: " << network_.log().messages() / kNodes << '\n';
    counter_.print();
    std::cout << "digest: " << std::hex << network_.log().digest() << std::dec << '\n';
  }

  Config config_;
  sim::LinkModel links_;
  transport::PeerBook book_;
  std::vector<transport::Peer> peers_;
  sim::VirtualNetwork<Rumours, RumourCodec> network_;
  std::vector<std::unique_ptr<Gossip>> nodes_;
  std::vector<Time> all_know_ = std::vector<Time>(2, macula::kTimeMax);
  Counter counter_;
};

}  // namespace
}  // namespace gossip

int main(int argc, char** argv) {
  gossip::Config config;
  macula::sim::NetworkOptions options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    char* end = nullptr;
    if (argument == "--no-pull") {
      config.pulls = false;
    } else if (argument == "--encoded") {
      options.encoded = true;
    } else if (options.seed = std::strtoull(argv[i], &end, 10); end == argv[i] || *end != '\0') {
      std::cerr << "usage: gossip [SEED] [--no-pull] [--encoded]\n";
      return 2;
    }
  }
  return gossip::Run(options, config).run() ? 0 : 1;
}
