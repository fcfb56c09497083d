#include "dht/quic/engine/send_queue.h"

#include <iterator>
#include <utility>

#include "base/check.h"

namespace macula::dht::quic {

void SendQueue::push(std::string bytes) {
  if (bytes.empty() || given_up_) return;
  end_ += bytes.size();
  chunks_.push_back(std::move(bytes));
  if (next_ == chunks_.end()) {
    next_ = std::prev(chunks_.end());
    next_start_ = 0;
  }
}

SendQueue::Offer SendQueue::offer() const {
  Offer offer;
  std::size_t start = next_start_;
  auto chunk = Chunks::const_iterator(next_);
  for (; chunk != chunks_.end() && offer.count < kPieces; ++chunk, ++offer.count) {
    offer.pieces[offer.count].base = const_cast<std::uint8_t*>(bytes_of(*chunk)) + start;
    offer.pieces[offer.count].len = chunk->size() - start;
    start = 0;
  }
  offer.fin = finished_ && chunk == chunks_.end();
  return offer;
}

void SendQueue::sent(std::size_t count, bool fin) {
  sent_ += count;
  MACULA_CHECK(sent_ <= end_);
  if (fin && sent_ == end_) fin_sent_ = true;
  next_start_ += count;
  while (next_ != chunks_.end() && next_start_ >= next_->size()) {
    next_start_ -= next_->size();
    ++next_;
  }
}

std::size_t SendQueue::acknowledged(std::uint64_t offset) {
  if (given_up_ || offset <= acknowledged_) return 0;
  MACULA_CHECK(offset <= sent_);
  const auto count = static_cast<std::size_t>(offset - acknowledged_);
  acknowledged_ = offset;
  front_acknowledged_ += count;
  while (!chunks_.empty() && front_acknowledged_ >= chunks_.front().size()) {
    front_acknowledged_ -= chunks_.front().size();
    chunks_.pop_front();
  }
  return count;
}

std::size_t SendQueue::clear() {
  MACULA_CHECK(untouched());
  chunks_.clear();
  next_ = chunks_.end();
  next_start_ = 0;
  return static_cast<std::size_t>(std::exchange(end_, 0));
}

std::size_t SendQueue::give_up() {
  const std::size_t waited_for = unacknowledged();
  given_up_ = true;
  if (next_ == chunks_.end()) return waited_for;
  // A chunk of which a part was taken stays whole.
  chunks_.erase(next_start_ > 0 ? std::next(next_) : next_, chunks_.end());
  next_ = chunks_.end();
  next_start_ = 0;
  return waited_for;
}

}  // namespace macula::dht::quic
