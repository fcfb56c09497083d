// The digest of a virtual network: the same for the same traffic, however it is encoded.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "sim/macula/net/virtual_macula_network.h"
#include "sim/net/cut.h"
#include "tests/conformance/macula_words.h"
#include "tests/durations.h"

namespace macula::sim {
namespace {

using ScriptedGuest = conformance::MaculaGuest;

// The digest of a little traffic under these options.
std::uint64_t digest_of(const NetworkOptions& options, std::uint64_t number, bool cut) {
  dht::ContactBook book;
  LinkModel model;
  model.default_delay = Distribution::uniform(5 * kMillisecond, 40 * kMillisecond);
  model.default_loss_ppm = 50'000;
  VirtualMaculaNetwork network(book, model, options, MaculaCodec(book));
  std::vector<std::unique_ptr<ScriptedGuest>> guests;
  std::vector<dht::ContactRef> contacts;
  for (NodeNumber i = 0; i < 3; ++i) {
    contacts.push_back(*book.intern(
        {dht::hash_id(std::to_string(i)), dht::make_ipv4(0x0b000001 + i, 9443), std::nullopt}));
    network.add_node({std::to_string(i), contacts.back(), "", "", Duration{0}});
  }
  for (NodeNumber i = 0; i < 3; ++i) {
    guests.push_back(std::make_unique<ScriptedGuest>(network.host(i)));
    network.start(i, *guests.back());
  }
  if (cut) cut_apart(network, {0}, {1}, true);
  for (int i = 0; i < 50; ++i) {
    guests[0]->ask(contacts[1], kSecond);
    guests[1]->send(contacts[2], number);
    EXPECT_TRUE(network.run_until(network.now() + kMillisecond));
  }
  EXPECT_TRUE(network.run_until(network.now() + 60 * kSecond));
  return network.log().digest();
}

TEST(NetworkDigest, IsTheSameTwiceAndOtherwiseDiffers) {
  NetworkOptions options;
  options.seed = 1;
  const std::uint64_t digest = digest_of(options, 7, false);
  EXPECT_EQ(digest_of(options, 7, false), digest);
  EXPECT_NE(digest_of(options, 8, false), digest);  // content of a message
  EXPECT_NE(digest_of(options, 7, true), digest);   // a fault
  options.seed = 2;
  EXPECT_NE(digest_of(options, 7, false), digest);
}

TEST(NetworkDigest, IsTheSameTypedEncodedAndCutAnywhere) {
  NetworkOptions options;
  const std::uint64_t typed = digest_of(options, 7, false);
  options.encoded = true;
  EXPECT_EQ(digest_of(options, 7, false), typed);
  options.random_chunks = true;
  EXPECT_EQ(digest_of(options, 7, false), typed);
}

}  // namespace
}  // namespace macula::sim
