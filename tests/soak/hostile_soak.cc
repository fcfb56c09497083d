// Twelve real nodes for two hours of a clock that runs ahead, and everything that befalls them: 5 %
// of datagrams lost, kills and restarts, a full disk, and a hostile client of each kind in turn.
//
//   hostile_soak [MINUTES] [SEED]        # 120 and 1
//
// Ends with 1 unless
//   - every record that was acknowledged, and whose publisher has lived on since, has a holder
//     among the others at the end of every round;
//   - of the finds by honest nodes at least 99 in a hundred bring it;
//   - a newcomer is served by the victim of every attack while its attackers are there;
//   - the memory of this process, everybody's, stays below a bound after the first tenth, once each
//     attack has had its turn.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>

#include "base/command_line/standard_output.h"
#include "sim/engine/random.h"
#include "tests/dht/quic/node/real_network.h"
#include "tests/durations.h"
#include "tests/soak/attacks.h"
#include "tests/temp_folder.h"

namespace macula::dht::quic {
namespace {

constexpr std::size_t kNodes = 12;
constexpr std::size_t kRecords = 24;
constexpr std::size_t kGrowth = std::size_t{48}
                                << 20;  // bytes, of twelve nodes and their attackers

class Soak {
 public:
  explicit Soak(std::uint64_t seed) : random_(seed, "soak") {
    for (std::size_t i = 0; i < kNodes; ++i) start(i);
    network_.run_for(kMinute);
  }

  // True: all is as it should be.
  bool run(Duration duration) {
    const Time begin = network_.now();
    const Time end = begin + duration;
    for (std::size_t i = 0; i < kRecords; ++i) publish(i);
    std::optional<std::size_t> early;
    // In a short run several to a round, so that each has its turn.
    const std::size_t kinds = attacks().size();
    const auto rounds = static_cast<std::size_t>(duration / (3 * kMinute));
    const std::size_t in_a_round =
        std::max<std::size_t>(1, kinds / std::max<std::size_t>(rounds, 1));
    for (std::size_t round = 0; network_.now() < end || attacks_ < kinds + in_a_round; ++round) {
      for (std::size_t i = 0; i < in_a_round; ++i) attack();
      if (round % 2 == 0) kill_and_restart();
      if (round % 5 == 1) fill_the_disk();
      network_.run_for(2 * kMinute);
      judge();
      for (std::size_t i = 0; i < kRecords; ++i) {
        if (!records_.contains(i)) publish(i);
      }
      const std::size_t memory = resident_bytes();
      std::printf("round %zu: memory %zu KiB\n", round, memory >> 10);
      if (network_.now() - begin < duration / 10 || attacks_ < kinds) continue;
      if (!early) early = memory;
      most_ = std::max(most_, memory);
    }
    std::printf(
        "%zu of %zu finds brought the record; %zu records lost; %zu kills; %zu attacks, "
        "%zu newcomers turned away\n",
        found_, finds_, lost_, kills_, attacks_, turned_away_);
    std::printf("memory %zu KiB at first, at most %zu KiB later\n", early.value_or(0) >> 10,
                most_ >> 10);
    const bool flat = early && most_ <= *early + kGrowth;
    return lost_ == 0 && turned_away_ == 0 && finds_ > 0 && found_ * 100 >= finds_ * 99 && flat;
  }

 private:
  struct Record {
    std::size_t publisher;  // its place in the network: each life has another
    std::string value;
  };
  // A node of twelve: its folder, and its present life.
  struct Member {
    std::string folder;
    std::optional<DataFolder> data;
    std::size_t place = 0;
    std::optional<Endpoint> at;
  };

  void start(std::size_t i) {
    Member& member = members_[i];
    if (member.folder.empty()) member.folder = folder_.path("node" + std::to_string(i));
    auto data = DataFolder::open(member.folder);
    MACULA_CHECK(data.has_value());
    member.data.emplace(std::move(*data));
    std::vector<Endpoint> bootstrap;
    for (std::size_t j = 0; j < 3; ++j) {
      if (j != i && members_[j].at) bootstrap.push_back(*members_[j].at);
    }
    member.place = network_.add(bootstrap, &*member.data, member.at);
    member.at = network_.at(member.place);
  }

  void kill_and_restart() {
    Member& member = members_[random_.next() % kNodes];
    ++kills_;
    std::erase_if(records_,
                  [&](const auto& each) { return each.second.publisher == member.place; });
    network_.kill(member.place);
    member.data.reset();
    network_.run_for(kSecond * static_cast<int>(1 + random_.next() % 20));
    network_.bury(member.place);
    start(static_cast<std::size_t>(&member - members_.data()));
  }

  // The system refuses for a while all that nodes write.
  void fill_the_disk() {
    rlimit before{};
    MACULA_CHECK(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit full{0, before.rlim_max};
    MACULA_CHECK(::setrlimit(RLIMIT_FSIZE, &full) == 0);
    network_.run_for(2 * kMinute);
    MACULA_CHECK(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  }

  void attack() {
    static const std::vector<Attack> all = attacks();
    const Attack& attack = all[attacks_ % all.size()];
    const Member& victim = members_[random_.next() % kNodes];
    const std::uint64_t number = 1'000'000 + ++attacks_ * 1000;
    Crowd crowd{network_, *victim.at, network_.id(victim.place), number,
                [this](Duration duration) { network_.run_for(duration); }};
    std::printf("attack %zu: %s\n", attacks_, std::string(attack.name).c_str());
    attack.run(crowd);
    // Its attackers are still there.
    const std::string missed = missed_by_newcomer(network_, *victim.at, number + 999, kPatience);
    if (!missed.empty()) {
      ++turned_away_;
      std::printf("a newcomer misses %s (%s)\n", missed.c_str(), attack.name);
    }
    judge_finds(attack.name);
  }

  static Key key_of(std::size_t record) { return hash_id("record " + std::to_string(record)); }

  void publish(std::size_t record) {
    const std::size_t publisher = members_[random_.next() % kNodes].place;
    const std::string value = "value " + std::to_string(++values_);
    const auto replicas = std::make_shared<std::optional<std::size_t>>();
    network_.use(publisher, [&](Node& node) {
      node.store(key_of(record), std::make_shared<const wire::Value>(wire::Value{value}), {},
                 [replicas](StoreResult& result) { *replicas = result.replicas.size(); });
    });
    network_.run_until([&] { return replicas->has_value(); }, kMinute);
    if (replicas->value_or(0) > 0) records_[record] = {publisher, value};
  }

  // Somebody besides its publisher has it, as seen from outside.
  bool held(std::size_t record) {
    const Record& known = records_.at(record);
    for (const std::size_t i : network_.living()) {
      if (i != known.publisher &&
          network_.node(i).records().holds(key_of(record), network_.now())) {
        return true;
      }
    }
    return false;
  }

  void judge() {
    for (const auto& [record, known] : records_) {
      if (held(record)) continue;
      ++lost_;
      std::printf("record %zu has no holder\n", record);
    }
    judge_finds("rest");
  }

  // Each record is looked up by somebody.
  void judge_finds(const char* when) {
    struct Find {
      std::size_t record;
      std::optional<bool> good;
    };
    std::deque<Find> finds;
    for (const auto& [record, known] : records_) {
      Find& find = finds.emplace_back(Find{record, std::nullopt});
      const std::size_t reader = members_[random_.next() % kNodes].place;
      FindOptions options;
      options.beyond_own = true;
      network_.use(reader, [&, &record = record, &known = known](Node& node) {
        node.find_value(key_of(record), options, [&find, value = known.value](FindResult& result) {
          find.good = std::any_of(result.values.begin(), result.values.end(),
                                  [&](const auto& each) { return *each == wire::Value{value}; });
        });
      });
    }
    network_.run_until(
        [&] {
          return std::all_of(finds.begin(), finds.end(),
                             [](const Find& find) { return find.good.has_value(); });
        },
        5 * kMinute);
    for (const Find& find : finds) {
      ++finds_;
      found_ += find.good.value_or(false) ? 1 : 0;
      if (!find.good.value_or(false)) std::printf("record %zu not found (%s)\n", find.record, when);
    }
  }

  const TempFolder folder_;
  sim::RandomStream random_;
  std::array<Member, kNodes> members_;
  RealNetwork network_;
  std::map<std::size_t, Record> records_;
  std::size_t values_ = 0;
  std::size_t finds_ = 0;
  std::size_t found_ = 0;
  std::size_t lost_ = 0;
  std::size_t kills_ = 0;
  std::size_t attacks_ = 0;
  std::size_t turned_away_ = 0;
  std::size_t most_ = 0;
};

int soak(int minutes, std::uint64_t seed) {
  prepare_standard_streams();
  Soak soak(seed);
  const bool good = soak.run(std::chrono::minutes(minutes));
  std::printf("%s\n", good ? "good" : "FAILED");
  return good ? 0 : 1;
}

}  // namespace
}  // namespace macula::dht::quic

int main(int count, char** words) {
  const int minutes = count > 1 ? std::atoi(words[1]) : 120;
  const auto seed = static_cast<std::uint64_t>(count > 2 ? std::atoll(words[2]) : 1);
  return macula::dht::quic::soak(minutes, seed);
}
