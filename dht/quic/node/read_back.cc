#include "dht/quic/node/read_back.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace macula::dht::quic {
namespace {

// Finds in vain after delivery: replicas may be those of a network that has just changed.
constexpr int kTries = 5;
constexpr Duration kFirstPause = std::chrono::milliseconds(20);  // twice as long after each

struct ReadBack {
  Sought sought;
  std::function<void()> held;
  int left = kTries;
  Duration pause = kFirstPause;
};

void try_once(Client& client, const std::shared_ptr<ReadBack>& read) {
  const bool delivered = client.live().host().pending() == 0;
  FindOptions options = client.find_options();
  options.expects_signed = read->sought.is_signed;
  client.node().find_value(
      read->sought.key, options, [&client, read, delivered](FindResult& found) {
        if (std::any_of(found.values.begin(), found.values.end(),
                        [&](const auto& value) { return read->sought.is_it(*value); })) {
          read->held();
          return;
        }
        if (delivered && !found.timed_out) --read->left;
        if (read->left == 0) {
          client.fail("refused", "no node that was asked holds it");
          return;
        }
        client.loop().at(client.loop().now() + read->pause,
                         [&client, read] { try_once(client, read); });
        if (delivered) read->pause *= 2;
      });
}

}  // namespace

void read_back(Client& client, Sought sought, std::function<void()> held) {
  try_once(client, std::make_shared<ReadBack>(ReadBack{std::move(sought), std::move(held)}));
}

}  // namespace macula::dht::quic
