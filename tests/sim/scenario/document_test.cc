#include "sim/scenario/document.h"

#include <gtest/gtest.h>

#include "sim/scenario/document_nesting.h"

namespace macula::sim {
namespace {

std::string repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Document, ValuesKnowTheirPlace) {
  const auto document = parse_document("[a]\nkey = \"v\"\n\n[[b]]\nlist = [1, 2.5]\n", "x.toml");
  ASSERT_TRUE(document);
  const Member* key = find_member(*find(document->root, "a"), "key");
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(key->place.line, 2);
  EXPECT_EQ(key->place.column, 1);
  EXPECT_EQ(key->value.place.column, 7);
  const Value& b = find(document->root, "b")->items.at(0);
  EXPECT_EQ(b.place.line, 4);
  EXPECT_EQ(find(b, "list")->items.at(1).decimal, 2.5);
  EXPECT_EQ(find(b, "list")->items.at(1).place.column, 12);
}

TEST(Document, ASyntaxErrorComesAloneWithItsLine) {
  const auto document = parse_document("a = 1\n[scenario\nb = = 2\n", "x.toml");
  ASSERT_FALSE(document);
  ASSERT_EQ(document.error().size(), 1U);
  EXPECT_EQ(document.error()[0].place.line, 2);
  EXPECT_EQ(document.error()[0].source_line, "[scenario");
}

TEST(Document, DeepKeysAreRefusedBeforeTheyExhaustTheStack) {
  const auto document = parse_document("[" + repeat("a.", 1'000'000) + "a]", "x.toml");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error()[0].place.column, 2 * kKeyPartsMax + 1);
  EXPECT_FALSE(parse_document(repeat("[", 1'000'000), "x.toml"));
  EXPECT_FALSE(parse_document("x = " + repeat("{a=", 1'000'000), "x.toml"));
}

TEST(Document, DotsCountInKeysOnly) {
  const std::string dots = repeat(".", 100);
  EXPECT_FALSE(find_deep_key("a = \"" + dots + "\""));
  EXPECT_FALSE(find_deep_key("a = '" + dots + "' # " + dots + "\n"));
  EXPECT_FALSE(find_deep_key("a = \"\\\"" + dots + "\""));
  EXPECT_FALSE(find_deep_key("a = \"\"\"x\"" + dots + "\n" + dots + "\"\"\"\""));
  EXPECT_FALSE(find_deep_key("a = [" + repeat("1.5, ", 100) + "]"));
  EXPECT_TRUE(find_deep_key("a = \"\"\n" + repeat("\"a\".", 100) + "b = 1"));
  EXPECT_TRUE(find_deep_key("a = '''x'''\n" + repeat("a.", 100) + "b = 1"));
}

TEST(Document, LargerFilesThanTheLimitAreRefused) {
  EXPECT_TRUE(parse_document("#" + std::string(kScenarioBytesMax - 1, 'x'), "x.toml"));
  EXPECT_FALSE(parse_document("#" + std::string(kScenarioBytesMax, 'x'), "x.toml"));
}

TEST(Document, OneValueByItself) {
  EXPECT_EQ(parse_value("2")->integer, 2);
  EXPECT_EQ(parse_value("\"2\"")->text, "2");
  EXPECT_EQ(parse_value("[\"a\"]")->items.size(), 1U);
  EXPECT_FALSE(parse_value("encoded"));
  EXPECT_FALSE(parse_value("1\nother = 2"));
  EXPECT_FALSE(parse_value(""));
}

TEST(Document, WhatIsRenderedReadsAsTheSame) {
  const std::string text =
      "{ a = \"q\\\"b\\\\ \\u0007\\u000A\", \"b c\" = [1, 2.0, true], c = {}, d = 1e+300 }";
  const auto value = parse_value(text);
  ASSERT_TRUE(value);
  const auto again = parse_value(render(*value));
  ASSERT_TRUE(again) << render(*value);
  EXPECT_EQ(render(*again), render(*value));
  EXPECT_EQ(find(*again, "a")->text, "q\"b\\ \a\n");
  EXPECT_EQ(find(*again, "b c")->items[1].kind, Value::Kind::decimal);
}

TEST(Document, MembersStayInOrder) {
  Value table;
  for (const char* key : {"b", "c", "a", "b"}) set_member(table, key, Value{});
  ASSERT_EQ(table.members.size(), 3U);
  EXPECT_EQ(table.members[0].key, "a");
  EXPECT_EQ(table.members[2].key, "c");
  EXPECT_EQ(find(table, "d"), nullptr);
}

}  // namespace
}  // namespace macula::sim
