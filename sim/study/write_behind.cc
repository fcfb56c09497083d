#include "sim/study/write_behind.h"

#include <utility>

namespace macula::sim {

WriteBehind::WriteBehind(Take take) : take_(std::move(take)) {
  begin_block();
}

WriteBehind::~WriteBehind() {
  join();
}

void WriteBehind::begin_block() {
  std::vector<char>& block = blocks_[filled_ % kBlocks];
  block.resize(kBlock);
  setp(block.data(), block.data() + block.size());
}

WriteBehind::int_type WriteBehind::overflow(int_type c) {
  if (pptr() == epptr() && !hand_over()) return traits_type::eof();
  if (c != traits_type::eof()) sputc(traits_type::to_char_type(c));
  return traits_type::not_eof(c);
}

bool WriteBehind::hand_over() {
  if (!thread_.joinable()) thread_ = std::thread([this] { take_all(); });
  std::unique_lock lock(mutex_);
  sizes_[filled_ % kBlocks] = static_cast<std::size_t>(pptr() - pbase());
  ++filled_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return filled_ - taken_ < kBlocks; });
  begin_block();
  return !failed_;
}

void WriteBehind::take_all() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ended_ || taken_ < filled_; });
    if (taken_ == filled_) return;
    const std::size_t block = taken_ % kBlocks;
    const std::string_view text(blocks_[block].data(), sizes_[block]);
    if (!failed_) {
      lock.unlock();
      const bool done = take_(text);
      lock.lock();
      failed_ = !done;
    }
    ++taken_;
    changed_.notify_all();
  }
}

void WriteBehind::join() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

bool WriteBehind::finish() {
  join();
  const std::string_view rest(pbase(), static_cast<std::size_t>(pptr() - pbase()));
  if (!failed_ && !rest.empty()) failed_ = !take_(rest);
  setp(nullptr, nullptr);
  return !failed_;
}

}  // namespace macula::sim
