#include "dht/quic/engine/connection_memory.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "base/check.h"

namespace macula::dht::quic {
namespace {

// Before each piece stands its size, and what follows is aligned for anything.
constexpr std::size_t kMemoryHeader = alignof(std::max_align_t);
static_assert(kMemoryHeader >= sizeof(std::size_t));

char* start_of(void* place) {
  return static_cast<char*>(place) - kMemoryHeader;
}

std::size_t size_of(void* place) {
  std::size_t size = 0;
  std::memcpy(&size, start_of(place), sizeof size);
  return size;
}

ConnectionMemory* self(void* data) {
  return static_cast<ConnectionMemory*>(data);
}

}  // namespace

ConnectionMemory::ConnectionMemory(MemoryBudget& all) : all_(all), functions_{} {
  functions_.user_data = this;
  functions_.malloc = [](std::size_t size, void* data) { return self(data)->take(size); };
  functions_.free = [](void* place, void* data) { self(data)->give_back(place); };
  functions_.calloc = [](std::size_t count, std::size_t size, void* data) -> void* {
    if (size != 0 && count > std::numeric_limits<std::size_t>::max() / size) return nullptr;
    void* const place = self(data)->take(count * size);
    if (place != nullptr) std::memset(place, 0, count * size);
    return place;
  };
  functions_.realloc = [](void* place, std::size_t size, void* data) {
    return self(data)->change(place, size);
  };
}

ConnectionMemory::~ConnectionMemory() {
  MACULA_CHECK(used_ == 0);
}

bool ConnectionMemory::may_take(std::size_t size) const {
  if (size > kMostMemory || used_ + size > kMostMemory) return false;
  if (used_ + size <= kFirstMemory) return true;
  return used_ + size <= all_.limit - std::min(all_.limit, all_.used);
}

void* ConnectionMemory::take(std::size_t size) {
  if (!may_take(size)) return nullptr;
  // NOLINTNEXTLINE(cppcoreguidelines-no-malloc): what ngtcp2 asks for in C
  char* const start = static_cast<char*>(std::malloc(kMemoryHeader + size));
  if (start == nullptr) return nullptr;
  std::memcpy(start, &size, sizeof size);
  used_ += size;
  all_.used += size;
  return start + kMemoryHeader;
}

void ConnectionMemory::give_back(void* place) {
  if (place == nullptr) return;
  const std::size_t size = size_of(place);
  MACULA_CHECK(size <= used_ && size <= all_.used);
  used_ -= size;
  all_.used -= size;
  std::free(start_of(place));  // NOLINT(cppcoreguidelines-no-malloc)
}

void* ConnectionMemory::change(void* place, std::size_t size) {
  void* const moved = take(size);
  if (place == nullptr || moved == nullptr) return moved;
  std::memcpy(moved, place, std::min(size, size_of(place)));
  give_back(place);
  return moved;
}

}  // namespace macula::dht::quic
