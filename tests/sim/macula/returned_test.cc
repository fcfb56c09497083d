// A digest sees what operations return.
#include "sim/macula/returned.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "tests/dht/contacts.h"
#include "tests/dht/records.h"

namespace macula::sim {
namespace {

class Returned : public testing::Test {
 protected:
  dht::ContactBook book_;
  dht::ContactRef a_ = dht::intern(book_, dht::numbered_id(1));
  dht::ContactRef b_ = dht::intern(book_, dht::numbered_id(2));
};

TEST_F(Returned, EveryPartOfASearchCounts) {
  dht::SearchResult whole;
  whole.closest = {a_, b_};
  whole.stats = {1, 2, 3, 4, 5, 6};
  whole.elapsed = Duration{7};
  std::set<std::uint64_t> words{word_of(whole, book_)};
  std::size_t changes = 1;
  const auto expect_other = [&](auto change) {
    dht::SearchResult other = whole;
    change(other);
    words.insert(word_of(other, book_));
    EXPECT_EQ(words.size(), ++changes);
  };
  expect_other([](auto& r) { r.closest.pop_back(); });
  expect_other([](auto& r) { std::swap(r.closest[0], r.closest[1]); });
  expect_other([](auto& r) { r.heard = r.closest; });
  expect_other([](auto& r) { std::swap(r.heard, r.closest); });
  expect_other([](auto& r) { ++r.stats.depth; });
  expect_other([](auto& r) { ++r.stats.rounds; });
  expect_other([](auto& r) { ++r.stats.rpcs; });
  expect_other([](auto& r) { ++r.stats.failures; });
  expect_other([](auto& r) { ++r.stats.timeouts; });
  expect_other([](auto& r) { ++r.stats.slow; });
  expect_other([](auto& r) { r.elapsed += Duration{1}; });
  expect_other([](auto& r) { r.timed_out = true; });
}

TEST_F(Returned, EveryPartOfAStoreAndAFindCounts) {
  const dht::StoreResult stored{true, {a_}, 100, {}};
  const dht::FindResult found{{dht::text_value("x"), dht::text_value("y")}, false, true, false, {}};
  std::set<std::uint64_t> words{word_of(stored, book_), word_of(found, book_)};
  std::size_t changes = 2;
  const auto expect_other = [&](auto other, auto change) {
    change(other);
    words.insert(word_of(other, book_));
    EXPECT_EQ(words.size(), ++changes);
  };
  expect_other(stored, [](auto& r) { r.stored = false; });
  expect_other(stored, [](auto& r) { r.replicas.clear(); });
  expect_other(stored, [](auto& r) { ++r.bytes; });
  expect_other(stored, [](auto& r) { ++r.search.stats.rpcs; });
  expect_other(found, [](auto& r) { r.values.pop_back(); });
  expect_other(found, [](auto& r) { r.values[1] = dht::text_value("z"); });
  expect_other(found, [](auto& r) { r.timed_out = true; });
  expect_other(found, [](auto& r) { r.searched = false; });
  expect_other(found, [](auto& r) { ++r.search.stats.rpcs; });
}

TEST_F(Returned, EveryPartOfACallAndAPingCounts) {
  const auto failed = [](const char* code, const char* message) {
    dht::CallResult result;
    result.outcome = dht::wire::CallError{code, message};
    return word_of(result);
  };
  const auto answered = [](const char* answer, int elapsed) {
    dht::CallResult result;
    result.outcome = dht::wire::Bytes(answer);
    result.elapsed = Duration{elapsed};
    return word_of(result);
  };
  const std::set<std::uint64_t> words{
      answered("1", 5),
      answered("2", 5),
      answered("1", 6),
      failed("timeout", "x"),
      failed("refused", "x"),
      failed("timeout", "y"),
      word_of(dht::PingResult{true, dht::Failure::timeout, Duration{5}}),
      word_of(dht::PingResult{true, dht::Failure::timeout, Duration{6}}),
      word_of(dht::PingResult{false, dht::Failure::timeout, Duration{5}}),
      word_of(dht::PingResult{false, dht::Failure::unreachable, Duration{5}})};
  EXPECT_EQ(words.size(), 10U);
}

}  // namespace
}  // namespace macula::sim
