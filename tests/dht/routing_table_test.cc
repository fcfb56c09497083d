#include "dht/routing_table.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "tests/dht/contacts.h"

namespace macula::dht {
namespace {

const NodeId kSelf = hash_id("self");

std::vector<ContactRef> closest(const RoutingTable& table, const NodeId& target, std::size_t k) {
  std::vector<ContactRef> found;
  table.closest(target, k, [&](ContactRef ref) { found.push_back(ref); });
  return found;
}

// Deep buckets as likely as the far half: a uniform id would hardly ever fill bucket 10.
NodeId any_id_around_self() {
  const int bucket = *rc::gen::inRange(0, 40) == 0 ? 256 : *rc::gen::inRange(0, 12) * 21;
  return id_in_bucket(kSelf, bucket, *rc::gen::inRange<std::uint64_t>(0, 8));
}

// The same table, written plainly.
class Model {
 public:
  Model(const ContactBook& book, std::size_t bucket_size)
      : book_(book), bucket_size_(bucket_size) {}

  void observe(ContactRef contact) {
    const int index = bucket_index(kSelf, book_.id(contact));
    if (index == 256) return;
    auto& bucket = buckets_[index];
    const auto known = std::find_if(bucket.begin(), bucket.end(), [&](ContactRef other) {
      return book_.id(other) == book_.id(contact);
    });
    if (known != bucket.end()) {
      bucket.erase(known);
    } else if (bucket.size() == bucket_size_) {
      return;
    }
    bucket.push_back(contact);
  }
  void remove(ContactRef contact) {
    auto& bucket = buckets_[bucket_index(kSelf, book_.id(contact))];
    bucket.erase(std::remove(bucket.begin(), bucket.end(), contact), bucket.end());
  }
  std::vector<ContactRef> entries() const {
    std::vector<ContactRef> entries;
    for (const auto& [index, bucket] : buckets_) {
      entries.insert(entries.end(), bucket.begin(), bucket.end());
    }
    return entries;
  }

 private:
  const ContactBook& book_;
  std::size_t bucket_size_;
  std::map<int, std::vector<ContactRef>> buckets_;
};

TEST(RoutingTable, KeepsOldestToNewestAndDropsTheNewcomer) {
  ContactBook book;
  RoutingTable table(book, kSelf, 3);
  std::vector<ContactRef> far;
  for (std::uint64_t i = 0; i < 4; ++i) far.push_back(intern(book, id_in_bucket(kSelf, 0, i)));
  const ContactRef near = intern(book, id_in_bucket(kSelf, 9, 0));
  for (const ContactRef contact : far) table.observe(contact);
  table.observe(near);
  EXPECT_EQ(table.entries(), (std::vector<ContactRef>{far[0], far[1], far[2], near}));
  EXPECT_FALSE(table.contains(far[3]));
  table.observe(far[0]);
  EXPECT_EQ(table.entries(), (std::vector<ContactRef>{far[1], far[2], far[0], near}));
  table.remove(far[1]);
  table.observe(far[3]);
  EXPECT_EQ(table.entries(), (std::vector<ContactRef>{far[2], far[0], far[3], near}));
  EXPECT_EQ(table.bucket_count(), 10U);
  EXPECT_EQ(table.bucket_entries(0), 3U);
  EXPECT_EQ(table.bucket_entries(9), 1U);
  EXPECT_EQ(table.bucket_entries(200), 0U);
}

TEST(RoutingTable, NeverHoldsItsOwner) {
  ContactBook book;
  RoutingTable table(book, kSelf, 20);
  const ContactRef self = intern(book, kSelf);
  table.observe(self);
  table.remove(self);
  EXPECT_EQ(table.size(), 0U);
  EXPECT_FALSE(table.contains(self));
}

TEST(RoutingTable, ANewAddressReplacesTheOldOne) {
  ContactBook book;
  RoutingTable table(book, kSelf, 2);
  const NodeId id = id_in_bucket(kSelf, 0, 1);
  const ContactRef before = *book.intern({id, numbered_endpoint(1), std::nullopt});
  const ContactRef other = intern(book, id_in_bucket(kSelf, 0, 2));
  const ContactRef after = *book.intern({id, numbered_endpoint(2), std::nullopt});
  table.observe(before);
  table.observe(other);
  table.observe(after);  // the bucket is full, but the id is known
  EXPECT_EQ(table.entries(), (std::vector<ContactRef>{other, after}));
}

TEST(RoutingTable, ClosestOfAnEmptyTableIsNothing) {
  ContactBook book;
  const RoutingTable table(book, kSelf, 20);
  EXPECT_TRUE(closest(table, kSelf, 20).empty());
  EXPECT_TRUE(closest(table, NodeId{}, 0).empty());
}

RC_GTEST_PROP(RoutingTableProperty, IsThePlainTableWhateverHappens, ()) {
  ContactBook book;
  const std::size_t bucket_size = *rc::gen::inRange<std::size_t>(1, 6);
  RoutingTable table(book, kSelf, bucket_size);
  Model model(book, bucket_size);
  std::vector<ContactRef> seen;
  const int steps = *rc::gen::inRange(0, 120);
  for (int step = 0; step < steps; ++step) {
    if (!seen.empty() && *rc::gen::inRange(0, 4) == 0) {
      const ContactRef contact = *rc::gen::elementOf(seen);
      table.remove(contact);
      model.remove(contact);
    } else {
      const Endpoint address = numbered_endpoint(*rc::gen::inRange<std::uint64_t>(0, 2));
      const ContactRef contact = *book.intern({any_id_around_self(), address, std::nullopt});
      seen.push_back(contact);
      table.observe(contact);
      model.observe(contact);
    }
    table.check_invariants();
    RC_ASSERT(table.entries() == model.entries());
  }
  for (const ContactRef contact : seen) {
    const auto& entries = table.entries();
    const bool in = std::find(entries.begin(), entries.end(), contact) != entries.end();
    RC_ASSERT(table.contains(contact) == in);
  }
}

RC_GTEST_PROP(RoutingTableProperty, ClosestIsExactOverTheWholeTable, ()) {
  ContactBook book;
  RoutingTable table(book, kSelf, *rc::gen::inRange<std::size_t>(1, 25));
  const int contacts = *rc::gen::inRange(0, 150);
  for (int i = 0; i < contacts; ++i) table.observe(intern(book, any_id_around_self()));

  // Anywhere, near the table's owner, and near, or at, one of its contacts.
  NodeId target{*rc::gen::arbitrary<std::array<std::uint64_t, 4>>()};
  if (*rc::gen::arbitrary<bool>()) target = any_id_around_self();
  const std::size_t k = *rc::gen::inRange<std::size_t>(0, 40);
  std::vector<ContactRef> found = closest(table, target, k);
  RC_ASSERT(closest_by_sorting(book, found, target, k) ==
            closest_by_sorting(book, table.entries(), target, k));
  RC_ASSERT(found.size() == std::min(k, table.size()));
}

}  // namespace
}  // namespace macula::dht
