// Memory for what a run touches at random by the million: handed out in pieces, freed all at once.
//
//   PageArena arena;
//   void* piece = arena.take(1024);
//
// The first block is small, each of the next twice as long as the one before; those of 2 MiB and
// more are asked to be huge pages, because a visit to a random one of a million items is otherwise
// mostly a walk of page tables.
#pragma once

#include <cstddef>
#include <vector>

namespace macula::sim {

class PageArena {
 public:
  static constexpr std::size_t kAlignment = 64;

  PageArena() = default;
  ~PageArena();
  PageArena(const PageArena&) = delete;
  PageArena& operator=(const PageArena&) = delete;

  // `bytes` of uninitialised memory, aligned to kAlignment, alive until the arena dies. Out of
  // memory throws std::bad_alloc.
  [[nodiscard]] void* take(std::size_t bytes);

  // Bytes asked of the system so far.
  [[nodiscard]] std::size_t reserved() const { return reserved_; }

 private:
  void add_block(std::size_t at_least);

  std::vector<void*> blocks_;
  std::byte* free_ = nullptr;
  std::size_t free_bytes_ = 0;
  std::size_t next_block_ = std::size_t{64} << 10;
  std::size_t reserved_ = 0;
};

}  // namespace macula::sim
