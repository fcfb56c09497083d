// Where two traces part.
#include "sim/study/parting.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/study/event_text.h"
#include "sim/study/mapped_file.h"
#include "tests/temp_folder.h"

namespace macula::sim {
namespace {

using Lines = std::vector<std::string_view>;

TEST(Parting, EqualTextsHaveNone) {
  EXPECT_FALSE(first_parting("", "", 2));
  EXPECT_FALSE(first_parting("a\nb\n", "a\nb\n", 2));
}

TEST(Parting, IsTheFirstLineThatDiffersWithThoseAround) {
  const auto parting = first_parting("1\n2\n3\nx\n4\n5\n6\n", "1\n2\n3\ny\n4\n", 2);
  ASSERT_TRUE(parting);
  EXPECT_EQ(parting->before, (Lines{"2", "3"}));
  EXPECT_EQ(parting->a, (Lines{"x", "4", "5"}));
  EXPECT_EQ(parting->b, (Lines{"y", "4"}));
}

TEST(Parting, OfATextThatIsTheBeginningOfTheOther) {
  const auto parting = first_parting("1\n2\n", "1\n2\n3\n", 5);
  ASSERT_TRUE(parting);
  EXPECT_EQ(parting->before, (Lines{"1", "2"}));
  EXPECT_TRUE(parting->a.empty());
  EXPECT_EQ(parting->b, Lines{"3"});
  const auto from_nothing = first_parting("", "1\n", 5);
  ASSERT_TRUE(from_nothing);
  EXPECT_TRUE(from_nothing->before.empty());
  EXPECT_EQ(from_nothing->b, Lines{"1"});
}

TEST(Parting, ALineWithoutItsEndIsALine) {
  const auto parting = first_parting("1\n2", "1\n23", 1);
  ASSERT_TRUE(parting);
  EXPECT_EQ(parting->a, Lines{"2"});
  EXPECT_EQ(parting->b, Lines{"23"});
  EXPECT_FALSE(first_parting("1\n2", "1\n2\n", 1));
}

TEST(EventText, ShowsWhatAPersonLooksFor) {
  EXPECT_EQ(event_text(R"({"t":1500000001,"kind":"request","from":"a","to":"b",)"
                       R"("message":"ping","hash":"1f"})"),
            "   1.500000001s  request      a -> b  message ping, hash 1f");
  EXPECT_EQ(event_text(R"({"t":0,"kind":"heal"})"), "   0.000000000s  heal       ");
}

TEST(EventText, CutsIdsShort) {
  const std::string id(64, 'a');
  EXPECT_EQ(event_text(R"({"t":0,"kind":"x","key":")" + id + "\"}"),
            "   0.000000000s  x            key aaaaaaaaaaaa..");
}

TEST(EventText, WhatIsNoEventStandsAsItIs) {
  for (const char* line : {"", "{", "[1]", R"({"t":-1})", R"({"t":"now"})"}) {
    EXPECT_EQ(event_text(line), line);
  }
  EXPECT_EQ(event_text("\x1b[2J"), "\\u001b[2J");
  EXPECT_EQ(event_text("{\"t\":1,\"kind\":\"a\\u001b[2J\"}").find('\x1b'), std::string::npos);
}

TEST(EventText, TellsOtherFormsFromOtherEvents) {
  const Lines old_form{R"({"t":1,"kind":"crash"})"};
  const Lines new_form{R"({"t":1,"kind":"crash","life":1})"};
  const Lines other{R"({"t":2,"kind":"crash","life":1})"};
  EXPECT_TRUE(differ_in_form(old_form, new_form));
  EXPECT_FALSE(differ_in_form(old_form, other));
  EXPECT_FALSE(differ_in_form(old_form, old_form));
  EXPECT_FALSE(differ_in_form({}, old_form));
}

TEST(MappedFile, HasTheTextOrSaysWhyNot) {
  TempFolder folder;
  EXPECT_EQ(MappedFile::open(folder.write("a", "one\ntwo\n"))->text(), "one\ntwo\n");
  EXPECT_EQ(MappedFile::open(folder.write("b", ""))->text(), "");
  for (const std::string& path : {folder.path("none"), folder.path(""), std::string("/dev/null")}) {
    EXPECT_NE(MappedFile::open(path).error().find("cannot read " + path), std::string::npos);
  }
}

}  // namespace
}  // namespace macula::sim
