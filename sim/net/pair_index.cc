#include "sim/net/pair_index.h"

#include <utility>

#include "base/check.h"

namespace macula::sim {
namespace {

constexpr std::size_t kFirstCells = 64;
constexpr unsigned kFirstBits = 6;

}  // namespace

void PairIndex::add(std::uint64_t key, std::uint32_t slot) {
  if (4 * (used_ + 1) > 3 * cells_.size()) grow();
  put({slot, tag_of(hash_of(key))});
  ++used_;
}

void PairIndex::put(Cell cell) {
  std::size_t at = home_of(cell);
  while (cells_[at].slot != kNoSlot) at = next(at);
  cells_[at] = cell;
}

void PairIndex::grow() {
  const std::vector<Cell> old =
      std::exchange(cells_, std::vector<Cell>(cells_.empty() ? kFirstCells : 2 * cells_.size()));
  shift_ = old.empty() ? shift_ - kFirstBits : shift_ - 1;
  MACULA_CHECK(shift_ > 0);
  for (const Cell& cell : old) {
    if (cell.slot != kNoSlot) put(cell);
  }
}

// Closes the gap: a cell behind it moves up unless it would come to lie before its home.
void PairIndex::remove(std::uint64_t key, std::uint32_t slot) {
  std::size_t gap = home(hash_of(key));
  while (cells_[gap].slot != slot) {
    MACULA_CHECK(cells_[gap].slot != kNoSlot);
    gap = next(gap);
  }
  const std::size_t mask = cells_.size() - 1;
  for (std::size_t at = next(gap); cells_[at].slot != kNoSlot; at = next(at)) {
    const std::size_t from_home = (at - home_of(cells_[at])) & mask;
    if (from_home < ((at - gap) & mask)) continue;
    cells_[gap] = cells_[at];
    gap = at;
  }
  cells_[gap] = Cell{};
  --used_;
}

}  // namespace macula::sim
