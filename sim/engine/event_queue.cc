#include "sim/engine/event_queue.h"

#include <algorithm>

#include "base/hash.h"
#include "sim/engine/random.h"

namespace macula::sim {
namespace {

bool earlier(const Event& a, const Event& b) {
  return a.time_ns < b.time_ns;
}

// Stable, in place, and quick on what is nearly sorted: runs of at most one chunk.
void insertion_sort(Event* begin, Event* end) {
  for (Event* next = begin; next != end; ++next) {
    const Event event = *next;
    Event* hole = next;
    for (; hole != begin && event.time_ns < hole[-1].time_ns; --hole) {
      *hole = hole[-1];
    }
    *hole = event;
  }
}

}  // namespace

EventQueue::EventQueue(std::optional<std::uint64_t> shuffle_seed) : shuffle_seed_(shuffle_seed) {
  front_.reserve(2 * kFrontLimit);
}

// A large first bucket is dealt out over lower digits until the first part of it is small, or a
// single instant: at the lowest level a bucket is one.
void EventQueue::refill() {
  front_.clear();
  head_ = 0;
  unsigned level = first_level();
  while (level != 0 && first_bucket().count > kChunkEvents) {
    deal_out(take(level, first_digit(level)));
    level = first_level();
  }
  gather_front(level);
  if (front_.size() <= kLookAhead) {
    prepare_upcoming();
  }
}

void EventQueue::deal_out(const Bucket& bucket) {
  base_ns_ = bucket.min_ns;
  for (Chunk* chunk = bucket.first; chunk != nullptr; chunk = free_chunk(chunk)) {
    const std::size_t count = chunk == bucket.last ? bucket.fill : kChunkEvents;
    for (std::size_t i = 0; i < count; ++i) {
      append(chunk->events[i]);
    }
  }
}

// The first bucket of a level becomes the front, together with those that follow there while all
// of them fit in a chunk.
void EventQueue::gather_front(unsigned level) {
  const std::uint64_t range = (std::uint64_t{1} << (level * kDigitBits)) - 1;
  base_ns_ = first_bucket().min_ns;
  do {
    const Bucket bucket = take(level, first_digit(level));
    const std::size_t sorted = front_.size();
    for (Chunk* chunk = bucket.first; chunk != nullptr; chunk = free_chunk(chunk)) {
      const std::size_t count = chunk == bucket.last ? bucket.fill : kChunkEvents;
      front_.insert(front_.end(), chunk->events, chunk->events + count);
    }
    if (level != 0) {
      insertion_sort(front_.data() + sorted, front_.data() + front_.size());
    }
    front_end_ns_ = bucket.min_ns | static_cast<std::int64_t>(range);
  } while (occupied_[level] != 0 &&
           front_.size() + buckets_[level * kDigits + first_digit(level)].count <= kChunkEvents);
}

// Behind its equals; what is on the shorter side of the place moves over.
void EventQueue::insert_into_front(const Event& event) {
  const std::size_t count = front_.size() - head_;
  if (count >= kFrontLimit && front_[head_].time_ns != front_end_ns_) {
    return_front();
    append(event);
    return;
  }
  if (front_.size() == front_.capacity() && head_ > count) {
    front_.erase(front_.begin(), front_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  const auto begin = front_.begin() + static_cast<std::ptrdiff_t>(head_);
  const auto place = std::upper_bound(begin, front_.end(), event, earlier);
  if (head_ > 0 && place - begin < front_.end() - place) {
    std::move(begin, place, begin - 1);
    *(place - 1) = event;
    --head_;
  } else {
    front_.insert(place, event);
  }
}

// The front covers more time than it should, and much was pushed into it. Its range is the lowest
// there is, so all levels below its own are free to take it apart again, from the last event on.
void EventQueue::return_front() {
  base_ns_ = last_ns_;
  front_end_ns_ = last_ns_ - 1;
  upcoming_count_ = 0;
  for (std::size_t i = head_; i < front_.size(); ++i) {
    append(front_[i]);
  }
  front_.clear();
  head_ = 0;
}

// Sorting in place costs nothing: the bucket is to be sorted soon, and then nearly is.
void EventQueue::prepare_upcoming() {
  upcoming_count_ = 0;
  if (occupied_levels_ == 0) {
    return;
  }
  const Bucket& bucket = first_bucket();
  if (bucket.count <= kChunkEvents) {
    insertion_sort(bucket.first->events, bucket.first->events + bucket.count);
    upcoming_ = bucket.first->events;
    upcoming_count_ = bucket.count;
  }
}

// Any of the events of the next instant trades places with the first of them.
void EventQueue::draw_head() {
  const auto head = front_.begin() + static_cast<std::ptrdiff_t>(head_);
  const auto end = std::upper_bound(head, front_.end(), *head, earlier);
  const auto ties = static_cast<std::uint64_t>(end - head);
  // How many were drawn at this instant, not before it: so an instant with the same events has the
  // same order, whatever came before.
  if (drawn_at_ != head->time_ns) draws_ = 0;
  drawn_at_ = head->time_ns;
  RandomStream random(mix(*shuffle_seed_, static_cast<std::uint64_t>(head->time_ns), draws_++));
  std::swap(*head, head[static_cast<std::ptrdiff_t>(random.below(ties))]);
}

EventQueue::Bucket EventQueue::take(unsigned level, unsigned digit) {
  Bucket& place = buckets_[level * kDigits + digit];
  const Bucket bucket = place;
  place = Bucket{};
  occupied_[level] &= ~(std::uint64_t{1} << digit);
  if (occupied_[level] == 0) {
    occupied_levels_ &= ~(1U << level);
  }
  return bucket;
}

void EventQueue::add_chunk(Bucket& bucket) {
  Chunk* chunk = free_chunks_;
  if (chunk != nullptr) {
    free_chunks_ = chunk->next;
  } else {
    chunk = static_cast<Chunk*>(arena_.take(sizeof(Chunk)));
  }
  chunk->next = nullptr;
  (bucket.first == nullptr ? bucket.first : bucket.last->next) = chunk;
  bucket.last = chunk;
  bucket.fill = 0;
}

// Returns the one that followed it.
EventQueue::Chunk* EventQueue::free_chunk(Chunk* chunk) {
  Chunk* next = chunk->next;
  chunk->next = free_chunks_;
  free_chunks_ = chunk;
  return next;
}

}  // namespace macula::sim
