#include "sim/scenario/region_csv.h"

#include <gtest/gtest.h>

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
                                         "eu,us,4.5,800,100\n"
                                         "eu,us\n"
                                         "e u,us,1,1,1000001\n"
                                         "a,b,1,1,1\n"
                                         "a,b,1,1,1,1\n"
                                         "a,b,1,1,1\n"
                                         "a,c,-1,1,86400000001\n",
                                     "r.csv");
  ASSERT_FALSE(rows);
  EXPECT_EQ(format(rows.error()),
            "r.csv:2:7: error: delay_us: expected a whole number, found `4.5`\n"
            "eu,us,4.5,800,100\n"
            "      ^\n"
            "r.csv:3:1: error: a row has 5 columns: from,to,delay_us,jitter_us,loss_ppm\n"
            "eu,us\n"
            "^\n"
            "r.csv:4:1: error: `e u` is no name: letters, digits, `-`, `_`, `.`\n"
            "e u,us,1,1,1000001\n"
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
            "r.csv:8:5: error: delay_us: expected a whole number, found `-1`\n"
            "a,c,-1,1,86400000001\n"
            "    ^\n"
            "r.csv:8:10: error: loss_ppm: 86400000001 is more than 1000000\n"
            "a,c,-1,1,86400000001\n"
            "         ^\n");
}

TEST(RegionCsv, TheHeaderIsNeeded) {
  EXPECT_FALSE(parse_region_csv("", "r.csv"));
  EXPECT_FALSE(parse_region_csv("eu,us,45000,800,100\n", "r.csv"));
  EXPECT_FALSE(parse_region_csv("from,to,delay_us\n", "r.csv"));
  EXPECT_FALSE(parse_region_csv("from,to,delay_us,jitter_us,loss_ppm,extra\n", "r.csv"));
}

TEST(RegionCsv, LongLinesAndLongFilesEnd) {
  EXPECT_FALSE(parse_region_csv(kHeader + std::string(20U << 20, 'x'), "r.csv"));
  EXPECT_FALSE(parse_region_csv(std::string(kCsvBytesMax + 1, '\n'), "r.csv"));
}

}  // namespace
}  // namespace macula::sim
