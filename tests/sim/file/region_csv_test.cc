#include "sim/file/region_csv.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace macula::sim {
namespace {

const std::string kHeader = "from,to,delay_us,jitter_us,loss_ppm\n";

TEST(RegionCsv, RowsAndTheirReverse) {
  const auto rows =
      parse_region_csv(kHeader + "# measured\neu,us,45000,800,100\n\neu,eu,5000,0,0\r\n", "r.csv");
  ASSERT_TRUE(rows) << format(rows.error());
  ASSERT_EQ(rows->size(), 3U);
  EXPECT_EQ((*rows)[0].from, "eu");
  EXPECT_EQ((*rows)[0].delay_ns, 45'000'000);
  EXPECT_EQ((*rows)[0].jitter_ns, 800'000);
  EXPECT_EQ((*rows)[0].loss_ppm, 100U);
  EXPECT_EQ((*rows)[2].from, "us");
  EXPECT_EQ((*rows)[2].delay_ns, 45'000'000);
}

TEST(RegionCsv, AnAsymmetricPairStaysAsymmetric) {
  const auto rows = parse_region_csv(kHeader + "a,b,1,0,0\nb,a,2,0,0\n", "r.csv");
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[1].delay_ns, 2000);
}

TEST(RegionCsv, EveryWrongRowIsCitedByLineAndColumn) {
  const auto rows = parse_region_csv(kHeader +
                                         "eu,us,4.x,800,100\n"
                                         "eu,us\n"
                                         "e u,us,1,1,1000001\n"
                                         "a,b,1,1,1\n"
                                         "a,b,1,1,1,1\n"
                                         "a,b,1,1,1\n"
                                         "a,c,-1,1,86400000001\n",
                                     "r.csv");
  ASSERT_FALSE(rows);
  EXPECT_EQ(format(rows.error()),
            "r.csv:2:7: error: delay_us: expected a number, as in 90 or 90.5, found `4.x`\n"
            "eu,us,4.x,800,100\n"
            "      ^\n"
            "r.csv:3:1: error: a row has 5 columns: from,to,delay_us,jitter_us,loss_ppm\n"
            "eu,us\n"
            "^\n"
            "r.csv:4:12: error: loss_ppm: 1000001 is more than 1000000\n"
            "e u,us,1,1,1000001\n"
            "           ^\n"
            "r.csv:6:1: error: a row has 5 columns: from,to,delay_us,jitter_us,loss_ppm\n"
            "a,b,1,1,1,1\n"
            "^\n"
            "r.csv:7:1: error: a to b stands here twice\n"
            "a,b,1,1,1\n"
            "^\n"
            "r.csv:8:5: error: delay_us: expected a number, as in 90 or 90.5, found `-1`\n"
            "a,c,-1,1,86400000001\n"
            "    ^\n"
            "r.csv:8:10: error: loss_ppm: 86400000001 is more than 1000000\n"
            "a,c,-1,1,86400000001\n"
            "         ^\n");
}

std::string error_in(const std::string& text, std::string_view unit = {}) {
  const auto rows = parse_region_csv(text, "r.csv", unit);
  return rows ? std::string() : format(rows.error());
}

std::int64_t delay(const std::string& text, const std::string& from, const std::string& to,
                   std::string_view unit = {}) {
  const auto rows = parse_region_csv(text, "r.csv", unit);
  if (!rows) throw std::runtime_error(format(rows.error()));
  for (const RegionLink& row : *rows) {
    if (row.from == from && row.to == to) return row.delay_ns;
  }
  return -1;
}

TEST(RegionCsv, DelaysAsPeopleHaveThem) {
  EXPECT_EQ(delay("from,to,rtt_ms\neu,us,90.5\n", "us", "eu"), 45'250'000);
  EXPECT_EQ(delay("from,to,one_way_ms\neu,us,45.25\n", "eu", "us"), 45'250'000);
  EXPECT_EQ(delay("from,to,rtt_us\neu,us,3\n", "eu", "us"), 1'500);
  EXPECT_EQ(delay("from,to,delay_us\neu,us,4.5\n", "eu", "us"), 4'500);
  EXPECT_EQ(
      delay("to,rtt_ms,from\n\"us, east\",\"90\",\"say \"\"eu\"\"\"\n", "say \"eu\"", "us, east"),
      45'000'000);
  EXPECT_EQ(delay("\xef\xbb\xbf"
                  "from,to,rtt_ms\nEast US,us-east-1,2\n",
                  "East US", "us-east-1"),
            1'000'000);
  const auto rows =
      parse_region_csv("from,to,loss_percent,rtt_ms,jitter_ms\na,b,0.25,2,0.5\n", "r.csv");
  ASSERT_TRUE(rows);
  EXPECT_EQ((*rows)[0].loss_ppm, 2'500U);
  EXPECT_EQ((*rows)[0].jitter_ns, 500'000);
}

TEST(RegionCsv, SquareTables) {
  const std::string cells = ",eu,us\neu,1.2,90.5\nus,-,\n";
  EXPECT_EQ(delay("rtt_ms" + cells, "us", "eu"), 45'250'000);
  EXPECT_EQ(delay("one_way_ms" + cells, "eu", "us"), 90'500'000);
  EXPECT_EQ(delay("rtt_ms" + cells, "us", "us"), -1);
  EXPECT_EQ(delay(cells, "eu", "eu", "rtt_ms"), 600'000);
  EXPECT_EQ(delay("region" + cells, "eu", "eu", "rtt_ms"), 600'000);
  EXPECT_NE(error_in(cells).find("says what its numbers are: one of delay_us"), std::string::npos);
  EXPECT_NE(error_in("from,to,rtt_ms\na,b,1\n", "rtt_ms").find("leave out `matrix_unit`"),
            std::string::npos);
  EXPECT_EQ(error_in("rtt_ms,eu,us\nasia,1,2\neu,1\nus,x,3\nus,3,4\n"),
            "r.csv:2:1: error: `asia` has a row, but no column\n"
            "asia,1,2\n"
            "^\n"
            "r.csv:3:1: error: a row has as many cells as the first line: 3, not 2\n"
            "eu,1\n"
            "^\n"
            "r.csv:4:4: error: rtt_ms: expected a number, as in 90 or 90.5, found `x`\n"
            "us,x,3\n"
            "   ^\n"
            "r.csv:5:4: error: us to eu stands here twice\n"
            "us,3,4\n"
            "   ^\n"
            "r.csv:5:6: error: us to us stands here twice\n"
            "us,3,4\n"
            "     ^\n");
}

TEST(RegionCsv, ColumnsThatDoNotFitAreNamed) {
  EXPECT_EQ(error_in("from,to,rtt_mss\na,b,1\n"),
            "r.csv:1:9: error: unknown column `rtt_mss`, did you mean `rtt_ms`?\n"
            "from,to,rtt_mss\n"
            "        ^\n");
  EXPECT_NE(error_in("from,to,rtt_ms,one_way_ms\n").find("says what another column says"),
            std::string::npos);
  EXPECT_NE(error_in("from,to,loss_ppm\n").find("no column of delays"), std::string::npos);
}

TEST(RegionCsv, WhatIsNoTextIsRefused) {
  const std::string nul(1, '\0');
  EXPECT_NE(error_in(kHeader + nul + nul + "," + nul + "\n").find("r.csv:2:1: error: a NUL byte"),
            std::string::npos);
  EXPECT_NE(error_in(kHeader + nul + "\n").find("a NUL byte"), std::string::npos);
  EXPECT_NE(error_in(kHeader + "\"eu,us,1,1,1\n").find("a quote is not closed"), std::string::npos);
}

TEST(RegionCsv, ATableWithoutADelayIsNone) {
  for (const char* text : {"from,to,rtt_ms\n", "rtt_ms,eu\neu,-\n"}) {
    const auto rows = parse_region_csv(text, "r.csv");
    ASSERT_FALSE(rows);
    EXPECT_EQ(format(rows.error()).find("r.csv:1:"), 0U) << format(rows.error());
  }
}

TEST(RegionCsv, NumbersAreNumbersAndNothingVanishes) {
  for (const char* cell : {"NaN", "-5", "1e3", "90 ms", ""}) {
    const auto rows = parse_region_csv("from,to,rtt_ms\na,b," + std::string(cell) + "\n", "r.csv");
    ASSERT_FALSE(rows) << cell;
    EXPECT_NE(format(rows.error()).find("expected a number, as in 90 or 90.5"), std::string::npos);
  }
  for (const char* row :
       {"from,to,rtt_ms\na,b,0.0000001\n", "from,to,rtt_ms,loss_percent\na,b,1,0.00001\n"}) {
    const auto rows = parse_region_csv(row, "r.csv");
    ASSERT_FALSE(rows) << row;
    EXPECT_NE(format(rows.error()).find("finer than what is kept"), std::string::npos);
  }
  EXPECT_TRUE(parse_region_csv("from,to,rtt_ms\na,b,0.0\n", "r.csv"));
}

TEST(RegionCsv, TheHeaderIsNeeded) {
  EXPECT_FALSE(parse_region_csv("", "r.csv"));
  EXPECT_FALSE(parse_region_csv("eu,us,45000,800,100\n", "r.csv"));
  EXPECT_FALSE(parse_region_csv("from,to\n", "r.csv"));
  EXPECT_FALSE(parse_region_csv("from,to,delay_us,jitter_us,loss_ppm,extra\n", "r.csv"));
}

TEST(RegionCsv, LongLinesAndLongFilesEnd) {
  EXPECT_FALSE(parse_region_csv(kHeader + std::string(20U << 20, 'x'), "r.csv"));
  EXPECT_FALSE(parse_region_csv(std::string(kCsvBytesMax + 1, '\n'), "r.csv"));
}

}  // namespace
}  // namespace macula::sim
