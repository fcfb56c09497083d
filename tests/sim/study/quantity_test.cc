#include "sim/study/quantity.h"

#include <gtest/gtest.h>

namespace macula::sim {
namespace {

TEST(Quantity, BoundsAsPeopleWriteThem) {
  EXPECT_EQ(Quantity(0.95, "rate").text(), "95 %");
  EXPECT_EQ(Quantity(0.585, "rate").text(), "58.5 %");
  EXPECT_EQ(Quantity(1, "rate").text(), "100 %");
  EXPECT_EQ(Quantity(1000, "ms").text(), "1s");
  EXPECT_EQ(Quantity(80, "ms").text(), "80ms");
  EXPECT_EQ(Quantity(1500, "ms").text(), "1.5s");
  EXPECT_EQ(Quantity(360'000, "ms").text(), "6min");
  EXPECT_EQ(Quantity(90'000, "ms").text(), "90s");
  EXPECT_EQ(Quantity(0.5, "ms").text(), "500us");
  EXPECT_EQ(Quantity(0, "ms").text(), "0s");
  EXPECT_EQ(Quantity(80 * 3'600'000.0, "ms").text(), "3d 8h");
  EXPECT_EQ(Quantity(2 * 86'400'000.0, "ms").text(), "2d");
  EXPECT_EQ(Quantity(1'500'000, "bytes/s").text(), "1.5MB/s");
  EXPECT_EQ(Quantity(65'536, "bytes/s").text(), "64KiB/s");
  EXPECT_EQ(Quantity(1000, "bytes/s").text(), "1000B/s");
  EXPECT_EQ(Quantity(12, "count").text(), "12");
  EXPECT_EQ(Quantity(1.82, "count").text(), "1.82");
}

TEST(Quantity, MeasuresInTheUnitOfTheBound) {
  EXPECT_EQ(Quantity(1000, "ms").measured(6690.4), "6.69s");
  EXPECT_EQ(Quantity(0.95, "rate").measured(0.635), "63.5 %");
  EXPECT_EQ(Quantity(1, "rate").measured(1), "100 %");
  EXPECT_EQ(Quantity(80, "ms").measured(234.5), "234ms");
  EXPECT_EQ(Quantity(12, "count").measured(13), "13");
  EXPECT_EQ(Quantity(65'536, "bytes/s").measured(100'000), "97.7KiB/s");
}

TEST(Quantity, MeasuresInAUnitOfTheirOwnWhereTheBoundsWouldTakeManyDigits) {
  EXPECT_EQ(Quantity(80, "ms").measured(5541), "5.54s");
  EXPECT_EQ(Quantity(3'600'000, "ms").measured(181), "181ms");
  EXPECT_EQ(Quantity(0.001, "ms").measured(181), "181ms");
  EXPECT_EQ(Quantity(0x1p32, "bytes/s").measured(30), "30B/s");
  EXPECT_EQ(Quantity(1000, "count").measured(0.01), "0.01");
}

// A bound that is missed is never shown as met.
TEST(Quantity, ShowsEnoughDigitsToTellThemApart) {
  EXPECT_EQ(Quantity(0.95, "rate").measured(0.94999), "94.999 %");
  EXPECT_EQ(Quantity(1000, "ms").measured(1000.001), "1.000001s");
  EXPECT_EQ(Quantity(1, "rate").measured(0.9996), "99.96 %");
}

TEST(Quantity, DifferencesHaveASign) {
  EXPECT_EQ(Quantity(1.82, "count").difference(0.0154), "+0.0154");
  EXPECT_EQ(Quantity(0.5, "rate").difference(-0.01), "-1 percentage points");
}

TEST(ShortText, ThreeDigits) {
  EXPECT_EQ(short_text(244.36, "ms"), "244ms");
  EXPECT_EQ(short_text(6690.4, "ms"), "6.69s");
  EXPECT_EQ(short_text(0.635, "rate"), "63.5 %");
  EXPECT_EQ(short_text(12.345, "count"), "12.3");
  EXPECT_EQ(grouped(1'234'567), "1 234 567");
  EXPECT_EQ(grouped(123), "123");
}

}  // namespace
}  // namespace macula::sim
