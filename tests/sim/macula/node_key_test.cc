#include "sim/macula/node_key.h"

#include <gtest/gtest.h>

namespace macula::sim {
namespace {

// Made with: printf "302e020100300506032b657004220420$(printf 'macula-sim node key: edge1' |
// sha256sum | cut -c 1-64)" | xxd -r -p | openssl pkey -inform DER -pubout -outform DER | sha256sum
TEST(NodeKey, IdIsTheHashOfThePublicKey) {
  EXPECT_EQ(dht::id_to_hex(NodeKey::derive("edge1").id()),
            "d4b5d28e4900c35171f67eb937b23202278fc943d567387a61e297764eaffc36");
}

TEST(NodeKey, FollowsFromTheName) {
  EXPECT_EQ(NodeKey::derive("a").seed(), NodeKey::derive("a").seed());
  EXPECT_NE(NodeKey::derive("a").seed(), NodeKey::derive("b").seed());
  EXPECT_EQ(NodeKey::derive("a").seed().size(), 32U);
}

}  // namespace
}  // namespace macula::sim
