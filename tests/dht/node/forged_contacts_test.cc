// A peer's word of others enters no table, and a contact that was never heard from is not named.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "tests/dht/node/node_fixture.h"

namespace macula::dht {
namespace {

using RelayPtr = std::unique_ptr<wire::Relay>;

class ForgedContacts : public NodeTest {
 protected:
  static constexpr std::uint64_t kGateway = 50;
  static constexpr std::uint64_t kLiar = 60;

  ContactRef behind(std::uint64_t number, std::uint64_t gateway = kGateway) {
    return *book.intern({numbered_id(number), numbered_endpoint(gateway), numbered_id(gateway)});
  }
  static RelayPtr relay_of(const NodeId& to, ContactRef sender, const NodeId& source,
                           wire::Message payload) {
    return std::make_unique<wire::Relay>(wire::Relay{to, source, sender, std::move(payload)});
  }
  std::vector<ContactRef> named_for(std::uint64_t target) {
    const InboundId id = host.ask(contact(99), wire::FindNode{numbered_id(target)});
    const ContactList& nodes = replied_as<wire::FindNodeReply>(id).nodes;
    return {nodes.begin(), nodes.end()};
  }
};

// A client of one fresh key, and a thousand ids that it has made up.
TEST_F(ForgedContacts, AThousandRelaysOfAClientLeaveTheTableAsItWas) {
  Node& node = start();
  for (std::uint64_t i = 1; i <= 4; ++i) node.add_contact(contact(i));
  const std::vector<ContactRef> before = node.table().entries();
  const NodeId client = numbered_id(kLiar);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const NodeId forged = numbered_id(1000 + i);
    // At an address of its own, at that of an honest node, and behind the client itself.
    const ContactRef contacts[] = {contact(1000 + i),
                                   *book.intern({forged, numbered_endpoint(1 + i % 4), {}}),
                                   behind(1000 + i, kLiar)};
    wire::Message relay = relay_of(numbered_id(0), contacts[i % 3], forged, wire::Ping{i});
    host.tell_as({kNoContact, &client},
                 relay_of(numbered_id(0), contacts[i % 3], forged, wire::Cast{"log", "x"}));
    host.ask_as({kNoContact, &client}, InboundId{5000 + i}, std::move(relay));
  }
  EXPECT_EQ(node.table().entries(), before);
  EXPECT_EQ(node.violation(), std::nullopt);
}

// The gateway is believed of the nodes behind it, and passes on nothing in another's name.
TEST_F(ForgedContacts, ARelayChangesATableOnlyInTheNameOfTheOwnGateway) {
  Node& node = start_as(behind(2));
  const auto relay = [&](std::uint64_t from, ContactRef sender, std::uint64_t source) {
    host.ask(contact(from), relay_of(numbered_id(2), sender, numbered_id(source), wire::Ping{1}));
  };
  relay(kGateway, contact(7), 7);       // a node that is not behind the gateway
  relay(kGateway, behind(8), 9);        // says to be another than it is
  relay(kLiar, behind(10), 10);         // another's word of the gateway's nodes
  relay(kLiar, behind(11, kLiar), 11);  // another gateway's
  EXPECT_EQ(node.table().size(), 0U);
  relay(kGateway, behind(12), 12);
  EXPECT_TRUE(node.table().contains(behind(12)));
}

TEST_F(ForgedContacts, AGatewayPassesNothingOnInAnothersName) {
  Node& node = start_as(contact(kGateway));
  node.add_contact(behind(2));
  host.ask(contact(kLiar), relay_of(numbered_id(2), behind(9), numbered_id(9), wire::Ping{1}));
  host.tell(contact(kLiar),
            relay_of(numbered_id(2), behind(9), numbered_id(9), wire::Cast{"log", "x"}));
  EXPECT_TRUE(host.requests.empty());
  EXPECT_TRUE(host.sent.empty());
  EXPECT_EQ(node.unhandled(), 2U);
  // In its own name it may, and is what its connection says that it is.
  host.ask(contact(kLiar), relay_of(numbered_id(2), behind(9), numbered_id(kLiar), wire::Ping{1}));
  ASSERT_EQ(host.requests.size(), 1U);
  EXPECT_EQ(sent_as<RelayPtr>(0)->sender, contact(kLiar));
}

// It was not reached where it says it is: it is pinged, and named once it has answered.
TEST_F(ForgedContacts, WhoClaimsAnAddressIsNamedOnceItHasAnswered) {
  Node& node = start();
  for (std::uint64_t i = 1; i <= 3; ++i) node.add_contact(contact(i));
  host.claimed.push_back(contact(4));
  for (int i = 0; i < 3; ++i) host.ask(contact(4), wire::Ping{1});
  EXPECT_TRUE(node.table().contains(contact(4)));
  EXPECT_EQ(named_for(4), (std::vector<ContactRef>{contact(1), contact(2), contact(3)}));
  host.advance(2 * kSecond);
  ASSERT_EQ(host.open_requests().size(), 1U);
  EXPECT_EQ(host.requests.at(host.last_request()).to, contact(4));
  host.answer(host.last_request(), wire::Pong{0, 0});
  const auto named = named_for(4);
  EXPECT_EQ(std::count(named.begin(), named.end(), contact(4)), 1);
}

TEST_F(ForgedContacts, WhoClaimsAnAddressAndIsSilentThereLeaves) {
  Node& node = start();
  node.add_contact(contact(1));
  host.claimed.push_back(contact(4));
  host.ask(contact(4), wire::Ping{1});
  host.advance(2 * kSecond + protocol.query_timeout);
  EXPECT_FALSE(node.table().contains(contact(4)));
  EXPECT_EQ(node.table().on_trial(), 0U);
}

// Nobody hears from this node of contacts that only others have named.
TEST_F(ForgedContacts, ASpareThatHasTakenAPlaceIsNamedOnceItHasAnswered) {
  protocol.bucket_size = 2;
  Node& node = start();
  const ContactRef in[] = {contact(0x8000), contact(0x8001)};
  for (const ContactRef each : in) node.add_contact(each);
  node.table().name(contact(0x8002));
  node.table().fail(in[0], host.now());
  node.table().fail(in[0], host.now());
  EXPECT_TRUE(node.table().contains(contact(0x8002)));
  EXPECT_EQ(named_for(0x8002), std::vector<ContactRef>{in[1]});
  node.table().observe(contact(0x8002), host.now(), HeardAs::answered);
  const auto named = named_for(0x8002);
  EXPECT_EQ(std::count(named.begin(), named.end(), contact(0x8002)), 1);
  EXPECT_EQ(node.violation(), std::nullopt);
}

}  // namespace
}  // namespace macula::dht
