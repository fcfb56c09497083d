// The order of virtual time: what happens next, and of things at the same instant, what was
// scheduled first.
//
//   EventQueue queue;
//   queue.push(now + 5ms, slot, tag);
//   while (!queue.empty() && queue.next_time() <= end) {
//     const Event event = queue.pop();
//     ...
//   }
//
// Rules:
//  - Time never runs back: nothing may be pushed before the time of the last event popped.
//  - Equal times leave in the order they came. With a shuffle seed they leave in an order drawn
//    from it instead, which finds code that leans on the other; what is added during the instant is
//    drawn along with what is left of it.
//  - Nothing is ever removed but by pop(). A caller that cancels a timer lets its event come and
//    finds, by the generation of its slot, that it is stale.
//
// A monotone radix heap (R. Ahuja, K. Mehlhorn, J. Orlin, R. Tarjan: Faster algorithms for the
// shortest path problem, 1990) on digits of 6 bits. An event waits in the bucket of the highest
// digit in which its time differs from the base, a time not after any pending one, and of its value
// there; so all equal times share a bucket, in order of arrival. When the front runs out, the first
// bucket becomes the front, sorted, if it is small, and is else dealt out over lower digits. An
// event moves once a digit at worst, whatever the number pending, and all writing is sequential.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "base/check.h"
#include "base/time.h"
#include "sim/engine/page_arena.h"

namespace macula::sim {

struct Event {
  std::int64_t time_ns;
  std::uint32_t slot;  // of whatever the owner keeps about it
  std::uint32_t tag;   // likewise: a kind, a generation
};
static_assert(sizeof(Event) == 16, "larger events cost 10 to 45 % of the speed");

class EventQueue {
 public:
  explicit EventQueue(std::optional<std::uint64_t> shuffle_seed = {});
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  // `time` not before last().
  void push(Time time, std::uint32_t slot, std::uint32_t tag) {
    const Event event{to_ns(time), slot, tag};
    MACULA_CHECK(event.time_ns >= last_ns_);
    ++size_;
    if (event.time_ns <= front_end_ns_) {
      insert_into_front(event);
    } else {
      append(event);
    }
  }

  // The queue is not empty.
  Event pop() {
    MACULA_CHECK(size_ > 0);
    if (head_ == front_.size()) {
      refill();
    }
    if (shuffle_seed_) {
      draw_head();
    }
    const Event event = front_[head_++];
    --size_;
    last_ns_ = event.time_ns;
    if (front_.size() - head_ == kLookAhead) {
      prepare_upcoming();
    }
    return event;
  }

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  // The time of the event last popped; the start of time before the first.
  [[nodiscard]] Time last() const { return time_from_ns(last_ns_); }
  // The time of the event that pop() would return; the queue is not empty.
  [[nodiscard]] Time next_time() const {
    return time_from_ns(head_ < front_.size() ? front_[head_].time_ns : first_bucket().min_ns);
  }

  // The pending event that is likely to leave after `ahead` others, to load early what it is about;
  // nullptr where that is not known yet. A hint, no promise: shuffling, and what is pushed
  // meanwhile, change the order. Valid until the next push or pop.
  [[nodiscard]] const Event* peek(std::size_t ahead) const {
    const std::size_t in_front = front_.size() - head_;
    if (ahead < in_front) {
      return &front_[head_ + ahead];
    }
    return ahead - in_front < upcoming_count_ ? upcoming_ + (ahead - in_front) : nullptr;
  }

  // Memory of the pending events, in bytes: it grows to the peak and stays.
  [[nodiscard]] std::size_t reserved() const {
    return arena_.reserved() + front_.capacity() * sizeof(Event);
  }

 private:
  static constexpr unsigned kDigitBits = 6;
  static constexpr unsigned kDigits = 1U << kDigitBits;
  static constexpr unsigned kLevels = (63 + kDigitBits - 1) / kDigitBits;
  static constexpr std::size_t kChunkEvents = 63;
  // From here on the next bucket is sorted, so that peek() sees across its edge.
  static constexpr std::size_t kLookAhead = 8;
  // A front longer than this goes back into buckets, so that inserting stays cheap.
  static constexpr std::size_t kFrontLimit = 2 * kChunkEvents;

  struct Chunk {
    Chunk* next;
    std::uint64_t unused;
    Event events[kChunkEvents];
  };
  static_assert(sizeof(Chunk) == 1024);

  struct Bucket {
    Chunk* first = nullptr;
    Chunk* last = nullptr;
    std::size_t count = 0;
    std::uint32_t fill = kChunkEvents;  // of the last chunk
    std::int64_t min_ns = std::numeric_limits<std::int64_t>::max();
  };

  // Into the bucket of its time.
  void append(const Event& event) {
    const auto difference = static_cast<std::uint64_t>(event.time_ns ^ base_ns_);
    const unsigned level =
        (63U - static_cast<unsigned>(__builtin_clzll(difference | 1))) / kDigitBits;
    const unsigned digit =
        static_cast<unsigned>(event.time_ns >> (level * kDigitBits)) & (kDigits - 1);
    Bucket& bucket = buckets_[level * kDigits + digit];
    if (bucket.fill == kChunkEvents) {
      add_chunk(bucket);
      occupied_[level] |= std::uint64_t{1} << digit;
      occupied_levels_ |= 1U << level;
    }
    bucket.last->events[bucket.fill++] = event;
    ++bucket.count;
    bucket.min_ns = event.time_ns < bucket.min_ns ? event.time_ns : bucket.min_ns;
  }

  [[nodiscard]] unsigned first_level() const {
    return static_cast<unsigned>(__builtin_ctz(occupied_levels_));
  }
  [[nodiscard]] unsigned first_digit(unsigned level) const {
    return static_cast<unsigned>(__builtin_ctzll(occupied_[level]));
  }
  [[nodiscard]] const Bucket& first_bucket() const {
    const unsigned level = first_level();
    return buckets_[level * kDigits + first_digit(level)];
  }

  Bucket take(unsigned level, unsigned digit);
  void add_chunk(Bucket& bucket);
  Chunk* free_chunk(Chunk* chunk);
  void refill();
  void deal_out(const Bucket& bucket);
  void gather_front(unsigned level);
  void insert_into_front(const Event& event);
  void return_front();
  void prepare_upcoming();
  void draw_head();

  std::int64_t last_ns_ = 0;
  std::size_t size_ = 0;

  // All pending events up to front_end_ns_, in order, from head_ on.
  std::vector<Event> front_;
  std::size_t head_ = 0;
  std::int64_t front_end_ns_ = -1;

  // All others. Digits of base_ns_ above the level of a bucket are those of every event in it.
  std::int64_t base_ns_ = 0;
  std::uint32_t occupied_levels_ = 0;
  std::array<std::uint64_t, kLevels> occupied_{};
  std::array<Bucket, std::size_t{kLevels} * kDigits> buckets_;

  // The first bucket's events, already sorted, while they still are just that.
  const Event* upcoming_ = nullptr;
  std::size_t upcoming_count_ = 0;

  PageArena arena_;
  Chunk* free_chunks_ = nullptr;
  std::optional<std::uint64_t> shuffle_seed_;
  std::uint64_t draws_ = 0;  // at the instant drawn_at_
  std::int64_t drawn_at_ = -1;
};

}  // namespace macula::sim
