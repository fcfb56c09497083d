#include "sim/net/silences.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "sim/net/cut.h"
#include "tests/sim/net/path.h"

namespace macula::sim {
namespace {

using State = KeptAlive::State;

constexpr Duration kProbeTimeout = 100 * kMillisecond;

constexpr Time at(int seconds) {
  return kTimeZero + seconds * kSecond;
}

// Last spoken after 10 s: keepalives after 30, 50, 70 s ...
KeptAlive kept(Time now, const std::vector<Silence>& silences, bool resets = true) {
  return kept_alive({at(10), now, kPathRoundTrip, kProbeTimeout, resets}, silences);
}

TEST(KeptAlive, LivesOnWhereNobodyAskedMeanwhile) {
  EXPECT_EQ(kept(at(29), {{Silence::Kind::crash, at(15)}}).state, State::alive);
  EXPECT_EQ(kept(at(200), {{Silence::Kind::cut, at(31), at(49)}}).state, State::alive);
}

TEST(KeptAlive, EndsAMinuteAfterTheFirstThatNobodyAnswers) {
  const std::vector<Silence> crash{{Silence::Kind::crash, at(35)}};
  EXPECT_EQ(kept(at(50) + 60 * kSecond - kMillisecond, crash).state, State::asking);
  EXPECT_EQ(kept(at(50) + 60 * kSecond, crash).state, State::ended);
}

// Probes after 50.1, 50.3, 50.7, 51.5 s: the next would leave after 53.1 s.
TEST(KeptAlive, KnowsWhatWasDoneAboutAnAnswerThatDoesNotCome) {
  const KeptAlive asking = kept(at(52), {{Silence::Kind::cut, at(35)}});
  EXPECT_EQ(asking.state, State::asking);
  EXPECT_EQ(asking.since, at(50));
  EXPECT_EQ(asking.probes, 4U);
  EXPECT_EQ(asking.last_sent, at(50) + 1500 * kMillisecond);
}

TEST(KeptAlive, ACutThatIsHealedInTimeIsForgottenWithTheNextProbe) {
  const std::vector<Silence> cut{{Silence::Kind::cut, at(25), at(52)}};
  // After 30 s and 25.5 s of probes; before, the way is free and nobody knows it.
  EXPECT_EQ(kept(at(55), cut).state, State::asking);
  EXPECT_EQ(kept(at(56), cut).state, State::alive);
  // The next probe would come after more than a minute.
  EXPECT_EQ(kept(at(90), {{Silence::Kind::cut, at(25), at(82)}}).state, State::ended);
}

TEST(KeptAlive, ANodeThatGoesOnAnswersWhatHasComeMeanwhile) {
  EXPECT_EQ(kept(at(90), {{Silence::Kind::pause, at(25), at(89)}}).state, State::alive);
  EXPECT_EQ(kept(at(91), {{Silence::Kind::pause, at(25), at(90)}}).state, State::ended);
}

TEST(KeptAlive, ANewLifeIsNoticedByAReset) {
  const std::vector<Silence> restart{{Silence::Kind::crash, at(12), at(14)}};
  EXPECT_EQ(kept(at(30), restart).state, State::alive);
  EXPECT_EQ(kept(at(30) + kPathRoundTrip, restart).state, State::ended);
  // A node that had dialled in its former life cannot tell.
  EXPECT_EQ(kept(at(89), restart, /*resets=*/false).state, State::asking);
  EXPECT_EQ(kept(at(90), restart, /*resets=*/false).state, State::ended);
}

TEST(KeptAlive, OneSilenceFollowsAnother) {
  const std::vector<Silence> cuts{{Silence::Kind::cut, at(25), at(31)},
                                  {Silence::Kind::cut, at(45)}};
  // Heard again after 30 + 1.5 s; asked again 20 s later.
  const KeptAlive asking = kept(at(60), cuts);
  EXPECT_EQ(asking.state, State::asking);
  EXPECT_EQ(asking.since, at(51) + 500 * kMillisecond);
}

TEST(Silences, AreThoseOfBothNodesAndOfTheWayBetweenThem) {
  Silences silences;
  silences.begin(1, Silence::Kind::crash, at(1));
  silences.end(1, at(2));
  silences.begin(1, Silence::Kind::pause, at(5));
  silences.begin(3, Silence::Kind::pause, at(5));
  const auto cut = [](NodeNumber a, NodeNumber b) {
    return std::make_shared<Cut>(std::vector{a}, std::vector{b}, /*one_way=*/true);
  };
  silences.begin_rule(0, cut(1, 2), at(6));
  silences.begin_rule(1, cut(3, 1), at(6));
  silences.end_rule(0, at(8));
  silences.end_rule(1, at(8));
  EXPECT_EQ(silences.between(1, 2, at(0)).size(), 3U);
  EXPECT_EQ(silences.between(2, 1, at(3)).size(), 2U);
  EXPECT_EQ(silences.between(2, 1, at(9)).size(), 1U);
  EXPECT_EQ(silences.between(2, 3, at(0)).size(), 1U);
  EXPECT_EQ(silences.between(2, 4, at(0)).size(), 0U);
}

}  // namespace
}  // namespace macula::sim
