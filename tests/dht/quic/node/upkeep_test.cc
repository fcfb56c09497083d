// Hours in the life of real nodes that are left to themselves, seen from outside.

#include <gtest/gtest.h>

#include <set>

#include "tests/dht/quic/node/real_network.h"
#include "tests/durations.h"
#include "tests/temp_folder.h"

namespace macula::dht::quic {
namespace {

constexpr std::size_t kNodes = 30;
constexpr std::size_t kReplicas = 20;  // k

wire::SharedValue text(const std::string& value) {
  return std::make_shared<const wire::Value>(wire::Value{value});
}

// Thirty nodes, of which all but the first have joined by --bootstrap.
class UpkeepTest : public testing::Test {
 protected:
  void SetUp() override {
    network.add();
    while (network.size() < kNodes) {
      network.add({network.at(0)});
      network.run_for(std::chrono::milliseconds(200));
    }
    ASSERT_TRUE(network.run_until([&] { return all([](Node& n) { return n.health().healthy; }); },
                                  kMinute));
  }
  bool all(const std::function<bool(Node&)>& condition) {
    for (const std::size_t i : network.living()) {
      if (!condition(network.node(i))) return false;
    }
    return true;
  }
  std::vector<std::size_t> holders(const Key& key) {
    std::vector<std::size_t> found;
    for (const std::size_t i : network.living()) {
      if (network.node(i).records().holds(key, network.now())) found.push_back(i);
    }
    return found;
  }
  // All of the k closest living nodes have the record.
  bool placed(const Key& key) {
    const auto holding = holders(key);
    for (const std::size_t i : network.closest(key, kReplicas)) {
      if (std::find(holding.begin(), holding.end(), i) == holding.end()) return false;
    }
    return true;
  }
  // Contacts of living nodes that are dead.
  std::size_t dead_contacts() {
    std::size_t count = 0;
    for (const std::size_t i : network.living()) {
      for (const std::size_t known : network.known_to(i)) count += network.lives(known) ? 0 : 1;
    }
    return count;
  }
  void store(std::size_t publisher, const Key& key, const std::string& value) {
    bool stored = false;
    network.use(publisher, [&](Node& node) {
      node.store(key, text(value), [&](StoreResult& result) { stored = result.stored; });
    });
    ASSERT_TRUE(network.run_until([&] { return stored && placed(key); }, kMinute));
  }

  RealNetwork network;
};

TEST_F(UpkeepTest, DeadContactsAreDroppedAndRecordsLiveAsLongAsTheirPublisher) {
  const Key key = hash_id("the key");
  const auto replicas = network.closest(key, kNodes);
  const std::size_t publisher = replicas.back();  // none of the closest
  store(publisher, key, "a value");
  // The bootstrap node, three holders, and two others: all at once, without a word.
  std::set<std::size_t> dead{0, replicas[0], replicas[7], replicas[19], replicas[22], replicas[27]};
  dead.erase(publisher);
  for (const std::size_t i : dead) network.kill(i);
  EXPECT_GT(dead_contacts(), 0U);

  // A quarter of an hour to doubt somebody, the other half of it to ask in, and two failures.
  network.run_for(40 * kMinute);
  EXPECT_EQ(dead_contacts(), 0U);
  // Eight lives of the record have passed. It is where it belongs among those who are left.
  EXPECT_TRUE(placed(key)) << holders(key).size() << " holders";

  network.kill(publisher);
  network.run_for(7 * kMinute);  // its life, and a sweep
  EXPECT_EQ(holders(key).size(), 0U);
  for (const std::size_t i : network.living()) {
    EXPECT_EQ(network.node(i).records().find(key), nullptr) << "not swept";
    EXPECT_EQ(network.node(i).violation(), std::nullopt);
  }

  // An hour later all of them still know their neighbours, and are ready.
  network.run_for(std::chrono::hours(1));
  for (const std::size_t i : network.living()) {
    const auto known = network.known_to(i);
    for (const std::size_t near : network.closest(network.id(i), 6)) {
      if (near == i) continue;
      EXPECT_NE(std::find(known.begin(), known.end(), near), known.end()) << i << " lost " << near;
    }
    EXPECT_EQ(network.running(i).pages().at("/readyz", network.now())->status, 200U);
  }
}

TEST_F(UpkeepTest, ANewcomerIsHandedOverWhatItIsCloseTo) {
  const TempFolder folder;
  auto data = DataFolder::open(folder.path("d"));
  ASSERT_TRUE(data) << data.error();
  const Key key = Credentials::from_seed(data->identity().seed)->id();  // nobody is closer
  store(3, key, "a value");
  const std::size_t newcomer = network.add({network.at(0)}, &*data);
  ASSERT_EQ(network.id(newcomer), key);
  // Before its publisher has any reason to publish it anew.
  EXPECT_TRUE(network.run_until(
      [&] { return network.node(newcomer).records().holds(key, network.now()); }, kMinute));
}

// At once, while the others still have connections to the former one. Most doubt that one within a
// quarter of an hour and half of that, and meet the new one then. All do in their regular lookup of
// their own id, which asks a bootstrap node: once an hour and half of that.
TEST_F(UpkeepTest, ABootstrapNodeUnderANewKeyIsMetAgain) {
  network.kill(0);
  network.bury(0);
  const std::size_t reborn = network.add({}, nullptr, network.at(0));
  EXPECT_NE(network.id(reborn), network.id(0));
  const auto known = [&](std::size_t count) { return network.known_to(reborn).size() >= count; };
  EXPECT_TRUE(network.run_until([&] { return known(kReplicas / 2); }, 23 * kMinute));
  EXPECT_TRUE(network.run_until([&] { return known(kReplicas); }, 67 * kMinute));
}

// ----- two nodes -----

class TwoNodesTest : public testing::Test {
 protected:
  unsigned status(std::size_t i) {
    return network.running(i).pages().at("/health", network.now())->status;
  }
  std::string body(std::size_t i) {
    return network.running(i).pages().at("/readyz", network.now())->body;
  }
  void SetUp() override {
    network.add();
    EXPECT_EQ(status(0), 200U);  // nobody has joined it yet
    network.add({network.at(0)});
    EXPECT_EQ(status(1), 503U);
    EXPECT_NE(body(1).find("no bootstrap node has answered yet"), std::string::npos) << body(1);
    ASSERT_TRUE(network.run_until([&] { return status(1) == 200; }, kMinute));
    network.run_for(kMinute);
  }

  RealNetwork network;
};

TEST(Readiness, WhoCanReachNobodyIsNotReadyAndSaysWhyFoundersIncluded) {
  for (const std::size_t survivor : {0U, 1U}) {
    RealNetwork fresh;
    fresh.add();
    fresh.add({fresh.at(0)});
    fresh.run_for(kMinute);
    fresh.kill(1 - survivor);
    const auto page = [&](const char* path) {
      return *fresh.running(survivor).pages().at(path, fresh.now());
    };
    EXPECT_TRUE(fresh.run_until([&] { return page("/readyz").status == 503; }, kMinute));
    EXPECT_NE(page("/readyz").body.find("\"status\":\"isolated\",\"reason\":\"none of"),
              std::string::npos)
        << page("/readyz").body;
    EXPECT_EQ(page("/health").status, 503U);
    EXPECT_EQ(page("/livez").status, 200U);  // restarting it would not help
    // And stays so once its table has been emptied.
    fresh.run_for(std::chrono::hours(1));
    EXPECT_EQ(page("/readyz").status, 503U) << page("/readyz").body;
  }
}

TEST_F(TwoNodesTest, ReadyAgainOnceSomebodyAnswersUnderWhateverKey) {
  network.kill(0);
  ASSERT_TRUE(network.run_until([&] { return status(1) == 503; }, kMinute));
  network.bury(0);
  const std::size_t reborn = network.add({}, nullptr, network.at(0));
  // Long before the connection to the former one has its idle timeout.
  EXPECT_TRUE(network.run_until([&] { return status(1) == 200; }, std::chrono::seconds(20)))
      << body(1);
  EXPECT_EQ(network.node(reborn).health().contacts, 1U);
}

// A node that merely says that it is where another node listens takes nobody's place.
TEST_F(TwoNodesTest, AnAnnouncedAddressOfAnotherDoesNotEvictIt) {
  const std::size_t liar = network.add({network.at(0)}, nullptr, std::nullopt, network.at(1));
  network.run_for(3 * std::chrono::seconds(1));
  network.kill(liar);
  for (int i = 0; i < 20; ++i) {
    network.run_for(kMinute);
    const auto known = network.known_to(0);
    ASSERT_NE(std::find(known.begin(), known.end(), 1U), known.end()) << i << " minutes later";
  }
  EXPECT_EQ(network.known_to(0), std::vector<std::size_t>{1});
}

TEST_F(TwoNodesTest, WhoLeavesSaysSo) {
  network.running(1).live().leave(kMinute);
  EXPECT_EQ(status(1), 503U);
  EXPECT_NE(body(1).find("\"leaving\""), std::string::npos) << body(1);
  EXPECT_TRUE(network.run_until([&] { return network.running(1).live().closed(); }, kMinute));
}

}  // namespace
}  // namespace macula::dht::quic
