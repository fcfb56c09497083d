#include "sim/cli/junit_output.h"

#include <gtest/gtest.h>

#include <sstream>

#include "tests/sim/cli/sample_run.h"

namespace macula::sim {
namespace {

TEST(JunitOutput, HasACaseForEachRun) {
  Outcome good;
  good.result = sample_run();
  good.result.passed = true;
  good.result.seed = 1;
  Outcome bad;
  bad.result = sample_run();
  std::ostringstream out;
  JunitOutput junit(out, {{"protocol.k", "2"}});
  junit.add(good);
  junit.add(bad);
  junit.close();
  EXPECT_EQ(out.str(),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1" errors="0" time="3.000">
  <testsuite name="macula-sim" tests="2" failures="1" errors="0" time="3.000">
    <testcase classname="faults/heal.toml" name="heal, seed 1" time="1.500"/>
    <testcase classname="faults/heal.toml" name="heal, seed 18446744073709551615" time="1.500">
      <failure message="faults/heal.toml:41: callable &lt;again&gt;: expected &gt;= 0.99, )"
            R"(measured 0.5">)"
            R"(faults/heal.toml:41: callable &lt;again&gt;: expected &gt;= 0.99, measured 0.5
  not answered by eu#3
faults/heal.toml:46: stored: expected &gt;= 1, measured nothing
replay: macula-sim run faults/heal.toml --seed 18446744073709551615 --set protocol.k=2
</failure>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(XmlText, EscapesMarks) {
  EXPECT_EQ(xml_text("<a & 'b' \"c\">"), "&lt;a &amp; &apos;b&apos; &quot;c&quot;&gt;");
}

TEST(XmlText, KeepsWhatXmlAllows) {
  EXPECT_EQ(xml_text("t\tn\n \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"),
            "t\tn\n \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
}

TEST(XmlText, ReplacesWhatXmlForbids) {
  EXPECT_EQ(xml_text(std::string("\0\x01\x1b", 3)), "???");
  EXPECT_EQ(xml_text("\xff"), "?");
  EXPECT_EQ(xml_text("\xe2\x82"), "??");            // cut short
  EXPECT_EQ(xml_text("\xc0\x80"), "??");            // longer than need be
  EXPECT_EQ(xml_text("\xed\xa0\x80"), "???");       // half of a surrogate pair
  EXPECT_EQ(xml_text("\xf4\x90\x80\x80"), "????");  // beyond the last character
  EXPECT_EQ(xml_text("\xef\xbf\xbf"), "???");       // U+FFFF
}

}  // namespace
}  // namespace macula::sim
