#include "sim/engine/page_arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace macula::sim {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

constexpr std::size_t round_up(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

}  // namespace

PageArena::~PageArena() {
  for (void* block : blocks_) {
    std::free(block);
  }
}

void* PageArena::take(std::size_t bytes) {
  const std::size_t size = round_up(bytes, kAlignment);
  if (size > free_bytes_) {
    add_block(size);
  }
  std::byte* piece = free_;
  free_ += size;
  free_bytes_ -= size;
  return piece;
}

// The rest of the block before is given up: at most one piece in each block of many.
void PageArena::add_block(std::size_t at_least) {
  const std::size_t wanted = std::max(at_least, next_block_);
  const bool huge = wanted >= kHugePage;
  const std::size_t bytes = huge ? round_up(wanted, kHugePage) : wanted;
  void* block = std::aligned_alloc(huge ? kHugePage : kAlignment, bytes);
  if (block == nullptr) {
    throw std::bad_alloc();
  }
#ifdef MADV_HUGEPAGE
  if (huge) {
    // A wish: where the system refuses, the memory is as good, only slower.
    static_cast<void>(madvise(block, bytes, MADV_HUGEPAGE));
  }
#endif
  next_block_ = std::min(2 * next_block_, kHugePage);
  blocks_.push_back(block);
  reserved_ += bytes;
  free_ = static_cast<std::byte*>(block);
  free_bytes_ = bytes;
}

}  // namespace macula::sim
