#include "dht/quic/engine/connection_memory.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <memory>
#include <vector>

#include "tests/dht/quic/engine/wire_pair.h"

namespace macula::dht::quic {
namespace {

constexpr std::size_t kKiB = std::size_t{1} << 10;
constexpr std::size_t kMiB = std::size_t{1} << 20;

// Through what ngtcp2 is given.
struct Taker {
  explicit Taker(MemoryBudget& all) : memory(all) {}
  ~Taker() {
    for (void* place : places) functions().free(place, functions().user_data);
  }
  [[nodiscard]] const ngtcp2_mem& functions() const { return *memory.functions(); }
  bool take(std::size_t size) {
    void* const place = functions().malloc(size, functions().user_data);
    if (place == nullptr) return false;
    std::memset(place, 1, size);
    places.push_back(place);
    return true;
  }
  // In pieces, as long as it gets any.
  std::size_t take_all() {
    while (take(64 * kKiB)) {
    }
    return memory.used();
  }

  ConnectionMemory memory;
  std::vector<void*> places;
};

TEST(ConnectionMemory, OfOneConnectionHasALimit) {
  MemoryBudget all{1024 * kMiB, 0};
  {
    Taker one(all);
    EXPECT_EQ(one.take_all(), ConnectionMemory::kMostMemory);
    EXPECT_EQ(all.used, ConnectionMemory::kMostMemory);
    EXPECT_FALSE(one.take(std::numeric_limits<std::size_t>::max()));
  }
  EXPECT_EQ(all.used, 0U);
}

TEST(ConnectionMemory, OfAllIsSharedAndTheFirstOfItRefusedToNobody) {
  MemoryBudget all{8 * kMiB, 0};
  std::vector<std::unique_ptr<Taker>> takers;
  for (int i = 0; i < 64; ++i) {
    takers.push_back(std::make_unique<Taker>(all));
    EXPECT_GE(takers.back()->take_all(), ConnectionMemory::kFirstMemory) << i;
  }
  EXPECT_LE(takers.front()->memory.used(), 4 * kMiB);
  EXPECT_LE(all.used, 8 * kMiB + 64 * ConnectionMemory::kFirstMemory);
}

TEST(ConnectionMemory, KeepsWhatItMoves) {
  MemoryBudget all{8 * kMiB, 0};
  const ConnectionMemory memory(all);
  const ngtcp2_mem& functions = *memory.functions();
  void* place = functions.calloc(4, 8, functions.user_data);
  EXPECT_EQ(std::string(static_cast<char*>(place), 32), std::string(32, '\0'));
  std::memset(place, 'x', 32);
  place = functions.realloc(place, 100, functions.user_data);
  EXPECT_EQ(std::string(static_cast<char*>(place), 32), std::string(32, 'x'));
  EXPECT_EQ(memory.used(), 100U);
  EXPECT_EQ(functions.realloc(place, 9 * kMiB, functions.user_data), nullptr);
  EXPECT_EQ(functions.calloc(std::numeric_limits<std::size_t>::max(), 2, functions.user_data),
            nullptr);
  functions.free(place, functions.user_data);
  functions.free(nullptr, functions.user_data);
  EXPECT_EQ(all.used, 0U);
}

// The memory of real connections, which give all of it back.
TEST(ConnectionMemory, IsWhatConnectionsTake) {
  Wire wire;
  Peer server(wire, 1);
  Peer client(wire, 2);
  const ConnectionId connection = client.dial(server);
  wire.run(std::chrono::seconds(1));
  EXPECT_GE(server.engine->memory(), 4 * kKiB);
  EXPECT_LE(server.engine->memory(), ConnectionMemory::kFirstMemory);
  client.engine->close(connection, 0, "bye");
  wire.run(std::chrono::seconds(10));
  EXPECT_EQ(server.engine->memory(), 0U);
}

}  // namespace
}  // namespace macula::dht::quic
