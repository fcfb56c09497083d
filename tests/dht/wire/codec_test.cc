#include "dht/wire/codec.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "dht/wire/frame.h"
#include "tests/dht/wire/any_message.h"

namespace macula::dht::wire {
namespace {

Message decode_again(const std::string& bytes, ContactBook& book) {
  const auto frame = decode_frame(bytes);
  RC_ASSERT(frame.has_value());
  RC_ASSERT(frame->size == bytes.size());
  auto message = decode(frame->frame.type, frame->frame.payload, book);
  if (!message) RC_FAIL(message.error().reason);
  return std::move(*message);
}

// Each alternative in turn, so that none is left out by chance.
template <typename Property>
void for_all_types(Property property) {
  for (std::size_t index = 0; index < kAlternatives; ++index) {
    ContactBook book;
    property(any_message_of(index, book), book);
  }
}

RC_GTEST_PROP(Codec, DecodingUndoesEncoding, ()) {
  for_all_types([](const Message& message, ContactBook& book) {
    const std::string bytes = encode(message, book);
    const std::size_t contacts = book.size();
    const Message again = decode_again(bytes, book);
    RC_ASSERT(type_of(again) == type_of(message));
    RC_ASSERT(encode(again, book) == bytes);
    RC_ASSERT(book.size() == contacts);
  });
}

RC_GTEST_PROP(Codec, SizeIsKnownWithoutEncoding, ()) {
  for_all_types([](const Message& message, ContactBook& book) {
    RC_ASSERT(encoded_size(message, book) == encode(message, book).size());
  });
}

RC_GTEST_PROP(Codec, FingerprintOutlivesEncodingAndTheBook, ()) {
  for_all_types([](const Message& message, ContactBook& book) {
    ContactBook other;
    const Message again = decode_again(encode(message, book), other);
    RC_ASSERT(fingerprint(again, other) == fingerprint(message, book));
  });
}

RC_GTEST_PROP(Codec, MessagesThatDifferHaveDifferentFingerprints, ()) {
  ContactBook book;
  const Message a = any_message(book);
  const Message b = any_message(book);
  const bool same = encode(a, book) == encode(b, book);
  RC_ASSERT((fingerprint(a, book) == fingerprint(b, book)) == same);
}

TEST(Codec, KeysAreSortedAndTheListOfNoNodesIsAnEmptyStr) {
  const ContactBook book;
  EXPECT_EQ(encode(FindNodeReply{}, book).substr(kFrameHeader),
            std::string("\x82\xc4\x05nodes\xa0\xc4\x04type\xc4\x0f"
                        "find_node_reply"));
}

TEST(Codec, ARelayedContactCarriesItsRelay) {
  ContactBook book;
  const Contact contact{hash_id("edge"), *parse_endpoint("[2001:db8::1]:9443"), hash_id("gateway")};
  FindNodeReply reply;
  reply.nodes.push_back(*book.intern(contact));
  ContactBook other;
  const auto frame = decode_frame(encode(Message{std::move(reply)}, book));
  const auto again = decode(Type::find_node_reply, frame->frame.payload, other);
  ASSERT_TRUE(again);
  EXPECT_EQ(other.contact(std::get<FindNodeReply>(*again).nodes[0]), contact);
}

TEST(Codec, AValueThatWasNeverSetIsNil) {
  const ContactBook book;
  const Message never_set{Store{hash_id("key"), {}}};
  const Message nil{Store{hash_id("key"), {std::make_shared<const Value>()}}};
  EXPECT_EQ(encode(never_set, book), encode(nil, book));
  EXPECT_EQ(fingerprint(never_set, book), fingerprint(nil, book));
}

}  // namespace
}  // namespace macula::dht::wire
