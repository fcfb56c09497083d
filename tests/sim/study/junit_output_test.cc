#include "sim/study/junit_output.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "tests/sim/has.h"
#include "tests/sim/study/sample_run.h"

namespace macula::sim {
namespace {

std::string written(const std::vector<Outcome>& outcomes) {
  std::ostringstream out;
  JunitOutput junit(out);
  for (const Outcome& outcome : outcomes) junit.add(outcome);
  junit.close(0);
  return out.str();
}

TEST(JunitOutput, HasASuiteForEachRunAndACaseForEachExpectation) {
  Outcome bad;
  bad.result = sample_run();
  bad.started = 86'400;
  EXPECT_EQ(written({bad}),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="heal, seed 18446744073709551615" tests="3" failures="2" errors="0" skipped="0" )"
            R"(time="1.500" timestamp="1970-01-02T00:00:00" hostname="localhost" )"
            R"(package="faults/heal.toml" id="0">
    <properties>
      <property name="seed" value="18446744073709551615"/>
      <property name="world" value="virtual"/>
      <property name="digest" value="00000000000000ab"/>
      <property name="replay" value="macula-sim run faults/heal.toml --seed 18446744073709551615 )"
            R"(--set protocol.k=2 --set &apos;scenario.name=it&apos;\&apos;&apos;s&apos;"/>
    </properties>
    <testcase name="callable &lt;again&gt;, seed 18446744073709551615" )"
            R"(classname="faults/heal.toml" time="1.500">
      <failure type="expectation" message="faults/heal.toml:41: callable &lt;again&gt;: )"
            R"(expected &gt;= 99 %, measured 50 %">)"
            R"(faults/heal.toml:41: callable &lt;again&gt;: expected &gt;= 99 %, measured 50 %
not answered by eu#3
replay: macula-sim run faults/heal.toml --seed 18446744073709551615 )"
            R"(--set protocol.k=2 --set &apos;scenario.name=it&apos;\&apos;&apos;s&apos;
</failure>
    </testcase>
    <testcase name="stored, seed 18446744073709551615" classname="faults/heal.toml" time="0.000">
      <failure type="expectation" message="faults/heal.toml:46: stored: )"
            R"(expected &gt;= 100 %, measured nothing">)"
            R"(faults/heal.toml:46: stored: expected &gt;= 100 %, measured nothing
replay: macula-sim run faults/heal.toml --seed 18446744073709551615 )"
            R"(--set protocol.k=2 --set &apos;scenario.name=it&apos;\&apos;&apos;s&apos;
</failure>
    </testcase>
    <testcase name="found, seed 18446744073709551615" classname="faults/heal.toml" time="0.000"/>
    <system-out></system-out>
    <system-err/>
  </testsuite>
</testsuites>
)");
}

TEST(JunitOutput, WhatHappenedToTheWholeRunIsACaseToo) {
  Outcome record;
  record.result = sample_run();
  record.result.passed = true;
  record.result.expectations.clear();
  EXPECT_TRUE(has(written({record}), "skipped=\"1\"")) << written({record});
  EXPECT_TRUE(has(written({record}), "<skipped message=\"asserts nothing\"/>"));

  Outcome crashed = record;
  crashed.result.passed = false;
  crashed.result.crash = "check failed: a &\nin heal";
  EXPECT_TRUE(has(written({crashed}), "<error type=\"crash\" message=\"check failed: a &amp;\">"));
  EXPECT_TRUE(has(written({crashed}), "failures=\"0\" errors=\"1\""));

  Outcome violated = record;
  violated.result.passed = false;
  violated.result.violations = {{"buckets", "eu#3", "a contact lies twice", 1'500'000'000, 100}};
  EXPECT_TRUE(has(written({violated}),
                  "<failure type=\"violated\" message=\"faults/heal.toml: violated: buckets: node "
                  "eu#3, at t = 1.5s, event 100: a contact lies twice\">"))
      << written({violated});
  EXPECT_TRUE(has(written({violated}), "name=\"invariant buckets at eu#3, seed "));
  EXPECT_TRUE(has(written({violated}), "failures=\"1\" errors=\"0\""));

  Outcome stopped = record;
  stopped.result.passed = false;
  stopped.result.stopped = "too many events";
  EXPECT_TRUE(has(written({stopped}), "<error type=\"stopped\" "));

  Outcome wrong = record;
  wrong.result.passed = false;
  wrong.result.errors = {{12, "hit nobody"}};
  wrong.result.notes = {{24, "met no packet"}};
  EXPECT_TRUE(has(written({wrong}), "<failure type=\"error\" message=\"faults/heal.toml:12: hit"));
  EXPECT_TRUE(has(written({wrong}), "<system-out>note: faults/heal.toml:24: met no packet\n"));

  Outcome differs = record;
  differs.difference = "they part";
  EXPECT_TRUE(
      has(written({differs}), "<failure type=\"not deterministic\" message=\"they part\">"));
  EXPECT_TRUE(has(written({record, record}), "id=\"1\""));
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
