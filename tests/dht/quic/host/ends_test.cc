// Early ends, and who is told of them: when a host closes, when a peer goes, when nothing can be
// sent.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

#include "dht/contact/contact_marks.h"
#include "tests/dht/quic/host/host_fixture.h"

namespace macula::dht::quic {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class Ends : public testing::Test {
 protected:
  static Endpoint nowhere() { return make_ipv4(0x0b0000ff, 9443); }

  HostTown town;
};

TEST_F(Ends, AMeetingEndsWithNothingAsSoonAsItsHostCloses) {
  Resident& a = town.settle(1);
  std::vector<std::optional<ContactRef>> met;
  const auto note = [&](std::optional<ContactRef> contact) { met.push_back(contact); };
  a.host->meet(nowhere(), minutes(5), note);
  town.run(seconds(1));
  a.host->close(town.wire.now(), seconds(30));
  EXPECT_TRUE(met.empty());
  a.host->meet(nowhere(), minutes(5), note);  // and one that begins after that
  town.run(milliseconds(1));
  EXPECT_EQ(met, (std::vector<std::optional<ContactRef>>{std::nullopt, std::nullopt}));
  EXPECT_TRUE(a.host->closed());
}

TEST_F(Ends, AHostThatClosesIsDrivenWhenItsPatienceIsOver) {
  Resident& a = town.settle(1);
  a.guest->send(a.contact(hash_id("nobody"), nowhere()), 1);
  town.run(milliseconds(1));
  a.host->close(town.wire.now(), milliseconds(30));
  EXPECT_LE(a.host->next_expiry(), town.wire.now() + milliseconds(30));
}

TEST_F(Ends, NothingIsTakenOnceTheHostCloses) {
  Resident& a = town.settle(1);
  Resident& b = town.settle(2);
  a.guest->ask(a.contact(b), seconds(1));
  town.run(seconds(1));
  b.guest->on_inbound = nullptr;
  a.guest->send(a.contact(b), 1);
  a.host->close(town.wire.now(), seconds(5));
  a.guest->send(a.contact(b), 2);
  EXPECT_EQ(a.host->counters().refused_full, 1U);
  town.run(seconds(6));
  EXPECT_EQ(b.guest->messages.size(), 1U);
}

// A one-way message accepted before a close may wait as long as the close, and not only for
// `one_way_patience`.
TEST_F(Ends, WhatIsAcceptedBeforeACloseHasThePatienceOfTheClose) {
  HostConfig hasty;
  hasty.one_way_patience = seconds(1);
  hasty.engine.handshake_timeout = seconds(2);
  hasty.engine.initials_unanswered = 1000;
  Resident& a = town.settle(1, hasty);
  Resident& b = town.settle(2);
  b.die();
  a.guest->send(a.contact(b), 7);
  town.run(milliseconds(500));
  a.host->close(town.wire.now(), seconds(20));
  town.run(seconds(3));
  b.live();
  town.run(seconds(10));
  EXPECT_EQ(b.guest->messages.size(), 1U);
  EXPECT_TRUE(a.host->closed());
}

TEST_F(Ends, AGuestIsToldThatNobodyWaitsForItsAnswer) {
  Resident& a = town.settle(1);
  Resident& b = town.settle(2);
  b.guest->on_inbound = nullptr;
  const Token token = a.guest->ask(a.contact(b), minutes(1));
  town.run(seconds(1));
  ASSERT_EQ(b.guest->requests.size(), 1U);
  EXPECT_TRUE(b.guest->given_up.empty());
  a.guest->cancel(token);
  town.run(seconds(1));
  EXPECT_EQ(b.guest->given_up, std::vector{b.guest->requests[0].id});
  EXPECT_EQ(b.host->unanswered(), 0U);
  b.guest->reply(b.guest->requests[0]);  // of no effect
}

TEST_F(Ends, WhoeverCannotBeReachedIsToldAtOnceAndNotDialled) {
  Resident& a = town.settle(1);
  const ContactRef behind = *a.book.intern({hash_id("hidden"), nowhere(), hash_id("its gateway")});
  const Token nobody = a.guest->ask(kNoContact, minutes(1));
  const Token hidden = a.guest->ask(behind, minutes(1));
  town.run(milliseconds(1));
  for (const Token token : {nobody, hidden}) {
    EXPECT_EQ(a.guest->asked[token].failures, 1);
    EXPECT_EQ(a.guest->asked[token].failure, Failure::unreachable);
  }
  EXPECT_EQ(a.host->counters().dials, 0U);
}

TEST_F(Ends, WhatAHostSaysToItselfIsSilence) {
  Resident& a = town.settle(1);
  const Token token = a.guest->ask(a.self, seconds(1));
  a.guest->send(a.self, 1);
  town.run(seconds(2));
  EXPECT_EQ(a.guest->asked[token].failure, Failure::timeout);
  EXPECT_EQ(a.host->counters().dials, 0U);
}

// A private address that others name lies on their side of a gateway, if anywhere.
TEST_F(Ends, APublicHostDialsNoPrivateAddressThatOthersNamed) {
  Resident& a = town.settle(1);
  const ContactRef inside = a.contact(hash_id("inside"), make_ipv4(0x0a000005, 9443));
  const Token token = a.guest->ask(inside, seconds(2));
  for (int i = 0; i < 10; ++i) a.guest->ask(inside, seconds(2));
  town.run(seconds(3));
  EXPECT_EQ(a.guest->asked[token].failure, Failure::timeout);
  EXPECT_EQ(a.host->counters().dials, 0U);
  EXPECT_GE(a.host->counters().private_withheld, 1U);
  EXPECT_LE(a.host->counters().private_withheld, 5U);  // after pauses, as with any other dial
}

TEST_F(Ends, WhereTheEngineIsFullTheDialIsTriedAgainAfterPauses) {
  HostConfig config;
  config.engine.max_connections = 1;
  Resident& a = town.settle(1, config);
  Resident& b = town.settle(2);
  a.guest->ask(a.contact(b), seconds(1));
  town.run(seconds(1));
  Resident& c = town.settle(3);
  for (int i = 0; i < 10; ++i) a.guest->ask(a.contact(c), seconds(2));
  town.run(seconds(2));
  EXPECT_GE(a.host->engine().counters().refused_full, 2U);
  EXPECT_LE(a.host->engine().counters().refused_full, 5U);
}

// ----- contacts in hand -----

TEST_F(Ends, AllContactsThatAHostHasToDoWithAreKept) {
  Resident& gateway = town.settle(1);
  Resident& hidden = town.settle_behind(gateway, 2);
  Resident& visitor = town.settle(3);
  visitor.guest->ask(visitor.contact(gateway), seconds(1));
  town.run(seconds(2));
  const auto kept_by = [](const Resident& resident, ContactRef contact) {
    ContactMarks marks(resident.book);
    resident.host->keep_contacts(marks, [](Token) {});
    return marks.kept(contact);
  };
  EXPECT_TRUE(kept_by(hidden, hidden.self));
  EXPECT_TRUE(kept_by(hidden, hidden.contact(gateway)));
  EXPECT_TRUE(kept_by(gateway, gateway.contact(visitor)));  // it has said who it is

  const ContactRef source = gateway.contact(hash_id("asker"), nowhere());
  const ContactRef nobody = gateway.contact(hash_id("nobody"), nowhere());
  const ContactRef unused = gateway.contact(hash_id("unused"), nowhere());
  gateway.host->send(nobody, std::make_unique<wire::Relay>(wire::Relay{
                                 hash_id("x"), hash_id("y"), source, wire::Cast{"1", ""}}));
  gateway.host->request(nobody, wire::Ping{1}, seconds(1), 7);
  EXPECT_TRUE(kept_by(gateway, source));
  EXPECT_TRUE(kept_by(gateway, nobody));
  EXPECT_FALSE(kept_by(gateway, unused));
  ContactMarks marks(gateway.book);
  std::vector<Token> visited;
  gateway.host->keep_contacts(marks, [&](Token token) { visited.push_back(token); });
  EXPECT_EQ(visited, std::vector<Token>{7});
}

}  // namespace
}  // namespace macula::dht::quic
