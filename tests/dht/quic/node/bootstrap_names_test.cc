#include "dht/quic/node/bootstrap_names.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>

#include "tests/dht/quic/udp/stepped_clock.h"

namespace macula::dht::quic {
namespace {

using Endpoints = std::vector<Endpoint>;

// The answers of the system's resolver, the same as long as it is told nothing else.
class Names {
 public:
  void set(const std::string& name, Endpoints endpoints) {
    const std::lock_guard lock(mutex_);
    answers_[name] = std::move(endpoints);
    answered_.notify_all();
  }
  void block(const std::string& name) { set(name, {Endpoint{}}); }
  Resolved resolve(const std::string& name) {
    std::unique_lock lock(mutex_);
    ++asked_[name];
    answered_.wait(lock, [&] { return answers_[name] != Endpoints{Endpoint{}}; });
    const Endpoints& answer = answers_[name];
    return {answer, answer.empty() ? "nobody knows it" : ""};
  }
  std::size_t asked(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return asked_[name];
  }

 private:
  std::mutex mutex_;
  std::condition_variable answered_;
  std::map<std::string, Endpoints> answers_;
  std::map<std::string, std::size_t> asked_;
};

class BootstrapNamesTest : public testing::Test {
 protected:
  void start(const std::vector<std::string>& texts) {
    std::vector<Remote> remotes;
    for (const std::string& text : texts) remotes.push_back(*parse_remote(text));
    names.emplace(
        *loop, resolve, remotes,
        [this](const Endpoint& endpoint) {
          return endpoint == self ? BootstrapNames::Use::self : BootstrapNames::Use::good;
        },
        [this](const Endpoints& endpoints) { changes.push_back(endpoints); });
    names->start([this](const Endpoints& endpoints) { started = endpoints; });
  }
  // However long the system takes; pauses of the loop's clock cost nothing.
  void run_until(const std::function<bool()>& condition) {
    while (!condition()) loop->run_once(std::chrono::milliseconds(100));
  }

  const Endpoint a = *parse_endpoint("192.0.2.1:9443");
  const Endpoint b = *parse_endpoint("192.0.2.2:9443");
  const Endpoint c = *parse_endpoint("[2001:db8::3]:9443");
  const Endpoint self = *parse_endpoint("192.0.2.9:9443");
  std::shared_ptr<Names> system = std::make_shared<Names>();
  SteppedClock clock{[] { return 0; }};
  std::unique_ptr<Loop> loop = std::move(*Loop::create(clock));
  Resolver::System resolve = [system = system](const std::string& name, std::uint16_t port) {
    EXPECT_EQ(port, 9443);
    return system->resolve(name);
  };
  std::optional<BootstrapNames> names;
  std::optional<Endpoints> started;
  std::vector<Endpoints> changes;
};

TEST_F(BootstrapNamesTest, AddressesAreThereAtOnceEachOnce) {
  start({"192.0.2.1:9443", "[2001:db8::3]:9443", "192.0.2.1:9443"});
  EXPECT_EQ(started, (Endpoints{a, c}));
}

TEST_F(BootstrapNamesTest, AllAddressesOfANameAreTakenAndAskedAnewWhenOneIsSilent) {
  system->set("seed.example", {a, c});
  start({"seed.example:9443"});
  EXPECT_FALSE(started);
  run_until([&] { return started.has_value(); });
  EXPECT_EQ(started, (Endpoints{a, c}));
  // It moves, and is silent at its old place.
  system->set("seed.example", {b});
  names->on_silent(a);
  run_until([&] { return !changes.empty(); });
  EXPECT_EQ(changes, std::vector<Endpoints>{{b}});
  // Silent again, and where it was: nothing new to tell.
  names->on_silent(b);
  run_until([&] { return system->asked("seed.example") == 3; });
  names->on_silent(c);  // not known here any more
  loop->run_once(Duration{0});
  EXPECT_EQ(changes.size(), 1U);
}

TEST_F(BootstrapNamesTest, ANameThatCannotBeResolvedIsTriedAgainAndIsNotNobody) {
  start({"seed.example:9443"});
  run_until([&] { return started.has_value(); });
  EXPECT_TRUE(started->empty());
  EXPECT_FALSE(names->nobody());
  run_until([&] { return system->asked("seed.example") >= 3; });
  system->set("seed.example", {a});
  run_until([&] { return !changes.empty(); });
  EXPECT_EQ(changes.back(), Endpoints{a});
  // The last endpoints of the name stay where the resolver fails later.
  system->set("seed.example", {});
  names->on_silent(a);
  run_until([&] { return system->asked("seed.example") >= 5; });
  EXPECT_EQ(names->endpoints(), Endpoints{a});
}

// A resolver that takes its time holds up neither the loop nor what is known without it.
TEST_F(BootstrapNamesTest, ASlowResolverHoldsUpNothing) {
  system->block("slow.example");
  start({"slow.example:9443", "192.0.2.1:9443"});
  EXPECT_EQ(started, Endpoints{a});
  bool called = false;
  loop->at(loop->now() + std::chrono::minutes(1), [&] { called = true; });
  run_until([&] { return called; });
  system->set("slow.example", {b});
  run_until([&] { return !changes.empty(); });
  EXPECT_EQ(changes.back(), (Endpoints{b, a}));
}

TEST_F(BootstrapNamesTest, WhoIsGoneBeforeTheAnswerIsNotTold) {
  system->block("slow.example");
  start({"slow.example:9443"});
  run_until([&] { return system->asked("slow.example") == 1; });
  {
    Resolver other(*loop, resolve);
    other.resolve("slow.example", 9443, [](const Resolved&) { FAIL() << "told"; });
    run_until([&] { return system->asked("slow.example") == 2; });
  }
  system->set("slow.example", {a});
  run_until([&] { return started.has_value(); });
}

TEST_F(BootstrapNamesTest, ItselfIsLeftOutAndAloneItIsNobody) {
  system->set("seed.example", {self, a});
  system->set("self.example", {self});
  start({"seed.example:9443", "self.example:9443"});
  run_until([&] { return system->asked("self.example") == 1 && started.has_value(); });
  EXPECT_EQ(names->endpoints(), Endpoints{a});
  EXPECT_FALSE(names->nobody());
  names.reset();
  started.reset();
  start({"self.example:9443", "192.0.2.9:9443"});
  run_until([&] { return started.has_value(); });
  EXPECT_TRUE(started->empty());
  EXPECT_TRUE(names->nobody());
}

TEST(Remote, NamesAndAddressesAreToldApart) {
  for (const char* name :
       {"seed.example:9443", "localhost:1", "a-b.c_d.x1.:65535", "4u.example:1"}) {
    const auto remote = parse_remote(name);
    ASSERT_TRUE(remote) << name;
    EXPECT_FALSE(remote->endpoint);
    EXPECT_EQ(remote->host + ':' + std::to_string(remote->port), name);
  }
  EXPECT_EQ(parse_remote("192.0.2.7:9443")->endpoint, parse_endpoint("192.0.2.7:9443"));
  EXPECT_EQ(parse_remote("[::1]:9443")->endpoint, parse_endpoint("[::1]:9443"));
  for (const std::string& bad :
       {std::string("seed.example"), std::string("seed.example:0"), std::string("seed.example:x"),
        std::string("seed.example:65536"), std::string(":1"), std::string(".:1"),
        std::string("a..b:1"), std::string("-a:1"), std::string("a b:1"), std::string("1.2.3:1"),
        std::string("300.1.1.1:1"), std::string("0.0.0.0:1"), std::string("[::]:1"),
        std::string(64, 'a') + ":1", std::string("::1:9443")}) {
    EXPECT_FALSE(parse_remote(bad)) << bad;
  }
}

TEST(ResolveNow, KnowsThisMachineAndSaysWhyItDoesNotKnow) {
  const Resolved here = resolve_now("localhost", 7);
  ASSERT_FALSE(here.endpoints.empty()) << here.error;
  for (const Endpoint& endpoint : here.endpoints) EXPECT_EQ(endpoint.port, 7);
  const Resolved nowhere = resolve_now("no-such-host.invalid", 7);
  EXPECT_TRUE(nowhere.endpoints.empty());
  EXPECT_NE(nowhere.error, "");
}

}  // namespace
}  // namespace macula::dht::quic
