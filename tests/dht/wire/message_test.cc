#include "dht/wire/message.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace macula::dht::wire {
namespace {

TEST(Message, RequestsWantAnAnswer) {
  EXPECT_TRUE(wants_answer(Connect{}));
  EXPECT_TRUE(wants_answer(Ping{}));
  EXPECT_TRUE(wants_answer(Call{}));
  EXPECT_TRUE(wants_answer(FindNode{}));
  EXPECT_TRUE(wants_answer(FindValue{}));
}

TEST(Message, AnswersAndOneWayMessagesWantNone) {
  EXPECT_FALSE(wants_answer(Pong{}));
  EXPECT_FALSE(wants_answer(Reply{}));
  EXPECT_FALSE(wants_answer(Cast{}));
  EXPECT_FALSE(wants_answer(Store{}));
  EXPECT_FALSE(wants_answer(FindNodeReply{}));
  EXPECT_FALSE(wants_answer(FindValueReply{}));
  EXPECT_FALSE(wants_answer(Disconnect{}));
}

TEST(Message, WhatIsCarriedTellsWhetherItsCarrierWantsAnAnswer) {
  const auto route = [](std::variant<Call, Reply> payload) {
    RpcRoute message;
    message.payload = std::make_unique<std::variant<Call, Reply>>(std::move(payload));
    return message;
  };
  EXPECT_TRUE(wants_answer(route(Call{})));
  EXPECT_FALSE(wants_answer(route(Reply{})));
  const auto relay = [](Message payload) -> Message {
    return std::make_unique<Relay>(Relay{{}, {}, kNoContact, std::move(payload)});
  };
  EXPECT_TRUE(wants_answer(relay(FindNode{})));
  EXPECT_FALSE(wants_answer(relay(Store{})));
  EXPECT_TRUE(wants_answer(relay(route(Call{}))));
}

}  // namespace
}  // namespace macula::dht::wire
