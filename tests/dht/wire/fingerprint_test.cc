// A fingerprint differs when any one field differs.
#include <gtest/gtest.h>

#include <set>

#include "dht/wire/codec.h"
#include "dht/wire/msgpack.h"

namespace macula::dht::wire {
namespace {

template <typename... Messages>
std::size_t different(Messages... messages) {
  const ContactBook book;
  return std::set<std::uint64_t>{fingerprint(Message{std::move(messages)}, book)...}.size();
}

const NodeId kA = hash_id("a");
const NodeId kB = hash_id("b");
const CallId kOne = {1};
const CallId kTwo = {2};

SharedValue shared(Value value) {
  return std::make_shared<const Value>(std::move(value));
}

std::unique_ptr<std::variant<Call, Reply>> boxed(std::variant<Call, Reply> payload) {
  return std::make_unique<std::variant<Call, Reply>>(std::move(payload));
}

TEST(Fingerprint, TellsFieldsOfPlainMessagesApart) {
  EXPECT_EQ(different(Connect{"1.0", kA, kB, {}, {}}, Connect{"1.1", kA, kB, {}, {}},
                      Connect{"1.0", kB, kB, {}, {}}, Connect{"1.0", kA, kA, {}, {}},
                      Connect{"1.0", kA, kB, {"x"}, {}}, Connect{"1.0", kA, kB, {}, ""}),
            6u);
  EXPECT_EQ(different(Disconnect{"a", "b"}, Disconnect{"b", "a"}, Disconnect{"ab", ""}), 3u);
  EXPECT_EQ(different(Ping{1}, Ping{2}, Pong{1, 2}, Pong{2, 1}, Pong{1, 1}), 5u);
  EXPECT_EQ(different(Publish{"t", "p", 0, false, kOne}, Publish{"u", "p", 0, false, kOne},
                      Publish{"t", "q", 0, false, kOne}, Publish{"t", "p", 1, false, kOne},
                      Publish{"t", "p", 0, true, kOne}, Publish{"t", "p", 0, false, kTwo}),
            6u);
  EXPECT_EQ(different(Subscribe{{"a"}, 0}, Subscribe{{"b"}, 0}, Subscribe{{"a"}, 1},
                      Subscribe{{"a", "b"}, 0}, Unsubscribe{{"a"}}, Unsubscribe{{"b"}}),
            6u);
  EXPECT_EQ(different(Cast{"a", "b"}, Cast{"b", "b"}, Cast{"a", "a"}), 3u);
}

TEST(Fingerprint, TellsCallsAndRepliesApart) {
  EXPECT_EQ(different(Call{"p", "a", kOne, {}}, Call{"q", "a", kOne, {}}, Call{"p", "b", kOne, {}},
                      Call{"p", "a", kTwo, {}}, Call{"p", "a", kOne, 0}, Call{"p", "a", kOne, 1}),
            6u);
  EXPECT_EQ(different(Reply{kOne, Bytes("x")}, Reply{kTwo, Bytes("x")}, Reply{kOne, Bytes("y")},
                      Reply{kOne, CallError{"x", ""}}, Reply{kOne, CallError{"", "x"}}),
            5u);
  const Call call{"p", "a", kOne, {}};
  EXPECT_EQ(different(RpcRoute{kA, kB, 1, 10, boxed(call)}, RpcRoute{kB, kB, 1, 10, boxed(call)},
                      RpcRoute{kA, kA, 1, 10, boxed(call)}, RpcRoute{kA, kB, 2, 10, boxed(call)},
                      RpcRoute{kA, kB, 1, 11, boxed(call)}, RpcRoute{kA, kB, 10, 1, boxed(call)},
                      RpcRoute{kA, kB, 1, 10, boxed(Call{"q", "a", kOne, {}})},
                      RpcRoute{kA, kB, 1, 10, boxed(Reply{kOne, Bytes("a")})}),
            8u);
}

TEST(Fingerprint, TellsMessagesOfTheDhtApart) {
  EXPECT_EQ(different(FindNode{kA}, FindNode{kB}, FindValue{kA}, FindValue{kB},
                      Store{kA, {shared({Nil{}})}}, Store{kB, {shared({Nil{}})}},
                      Store{kA, {shared({false})}}),
            7u);
  const std::vector<Record> none;
  const std::vector<Record> one = {{shared({Bytes("x")})}};
  const std::vector<Record> two = {{shared({Bytes("x")})}, {shared({Bytes("x")})}};
  EXPECT_EQ(different(FindNodeReply{}, FindValueReply{ContactList{}}, FindValueReply{none},
                      FindValueReply{one}, FindValueReply{two}),
            5u);
}

TEST(Fingerprint, TellsApartWhatIsToldOfARecord) {
  const SharedValue x = shared({Bytes("x")});
  const auto proof = std::make_shared<const Proof>(Proof{{1}, 7, {2}});
  const auto later = std::make_shared<const Proof>(Proof{{1}, 8, {2}});
  const auto other = std::make_shared<const Proof>(Proof{{3}, 7, {2}});
  const auto altered = std::make_shared<const Proof>(Proof{{1}, 7, {4}});
  EXPECT_EQ(different(Store{kA, {x}}, Store{kA, {x, nullptr, 9, 8}}, Store{kA, {x, nullptr, 9, 7}},
                      Store{kA, {x, nullptr, 8, 8}}, Store{kA, {x, nullptr, 9, 8, true}},
                      Store{kA, {x, proof, 9, 8}}, Store{kA, {x, later, 9, 8}},
                      Store{kA, {x, other, 9, 8}}, Store{kA, {x, altered, 9, 8}}),
            9u);
  const std::vector<Record> withdrawn = {{x, nullptr, 9, 8, true}};
  EXPECT_EQ(
      different(FindValueReply{ContactList{}, {}}, FindValueReply{ContactList{}, withdrawn},
                FindValueReply{withdrawn, {}}, StoreRefused{kA, "full"}, StoreRefused{kB, "full"},
                StoreRefused{kA, "share"}, FindValueReply{ContactList{}, {}, true},
                FindValueReply{withdrawn, {}, true}, LeaveCopy{kA, 1, withdrawn},
                LeaveCopy{kA, 2, withdrawn}, LeaveCopy{kA, 1, {}}),
      11u);
}

// Lives of some weeks and of some months take more bits than one word has for both.
TEST(Fingerprint, TellsLongLivesApart) {
  const auto stored = [](std::uint64_t lifetime_ms, std::uint64_t ttl_ms) {
    Store store{kA, {}};
    store.record.lifetime_ms = lifetime_ms;
    store.record.ttl_ms = ttl_ms;
    return store;
  };
  constexpr std::uint64_t k32 = std::uint64_t{1} << 32;
  EXPECT_EQ(different(stored(5, 3), stored(k32 + 5, 3), stored(2 * k32 + 5, 3),
                      stored(k32 + 5, k32 + 3), stored(k32 + 5, 4)),
            5u);
}

TEST(Fingerprint, TellsContactsApartAndMindsTheirOrder) {
  ContactBook book;
  const Endpoint here = make_ipv4(1, 1);
  const ContactRef a = *book.intern({kA, here, {}});
  const ContactRef b = *book.intern({kB, here, {}});
  const ContactRef moved = *book.intern({kA, make_ipv4(1, 2), {}});
  const ContactRef relayed = *book.intern({kA, here, kB});
  std::set<std::uint64_t> seen;
  const std::vector<std::vector<ContactRef>> lists = {{},        {a},    {b},    {moved},
                                                      {relayed}, {a, b}, {b, a}, {a, a}};
  for (const auto& refs : lists) {
    FindNodeReply reply;
    for (const ContactRef ref : refs) reply.nodes.push_back(ref);
    seen.insert(fingerprint(Message{std::move(reply)}, book));
  }
  EXPECT_EQ(seen.size(), lists.size());
}

TEST(Fingerprint, TellsRelaysApart) {
  ContactBook book;
  const ContactRef sender = *book.intern({kA, make_ipv4(1, 1), {}});
  std::set<std::uint64_t> seen;
  const auto add = [&](NodeId destination, NodeId source, ContactRef from, Message payload) {
    auto relay = std::make_unique<Relay>();
    relay->destination = destination;
    relay->source = source;
    relay->sender = from;
    relay->payload = std::move(payload);
    seen.insert(fingerprint(Message{std::move(relay)}, book));
  };
  add(kA, kB, kNoContact, Ping{1});
  add(kB, kB, kNoContact, Ping{1});
  add(kA, kA, kNoContact, Ping{1});
  add(kA, kB, sender, Ping{1});
  add(kA, kB, kNoContact, Ping{2});
  add(kA, kB, kNoContact, FindNode{kA});
  EXPECT_EQ(seen.size(), 6u);
}

TEST(Fingerprint, OfValuesIsTheSameInAnyOrderOfKeys) {
  const Map sorted = {{"a", {std::uint64_t{1}}}, {"b", {std::uint64_t{2}}}};
  const Map turned = {{"b", {std::uint64_t{2}}}, {"a", {std::uint64_t{1}}}};
  const Map crossed = {{"a", {std::uint64_t{2}}}, {"b", {std::uint64_t{1}}}};
  EXPECT_EQ(hash_value({sorted}), hash_value({turned}));
  EXPECT_NE(hash_value({sorted}), hash_value({crossed}));
}

TEST(Fingerprint, OfValuesTellsKindsApart) {
  const std::vector<Value> values = {{Nil{}},
                                     {false},
                                     {true},
                                     {std::uint64_t{0}},
                                     {0.0},
                                     {Bytes{}},
                                     {Array{}},
                                     {Map{}},
                                     {Array{{Nil{}}}},
                                     {Map{{"", {Nil{}}}}},
                                     {Bytes(1, '\0')},
                                     {std::uint64_t{0xffffffffffffffff}},
                                     {std::int64_t{-1}}};
  std::set<std::uint64_t> seen;
  for (const Value& value : values) seen.insert(hash_value(value));
  EXPECT_EQ(seen.size(), values.size());
}

}  // namespace
}  // namespace macula::dht::wire
