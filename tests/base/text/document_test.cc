#include "base/text/document.h"

#include <gtest/gtest.h>

#include "base/text/document_guard.h"

namespace macula {
namespace {

std::string repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Document, ValuesKnowTheirPlace) {
  const auto document = parse_document("[a]\nkey = \"v\"\n\n[[b]]\nlist = [1, 2.5]\n", "x.toml");
  ASSERT_TRUE(document);
  const DocumentMember* key = find_member(*find(document->root, "a"), "key");
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(key->place.line, 2);
  EXPECT_EQ(key->place.column, 1);
  EXPECT_EQ(key->value.place.column, 7);
  const DocumentValue& b = find(document->root, "b")->items.at(0);
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

// The library asserts that a key begins after "[": that must not end the program.
TEST(Document, NoInputFailsAnAssertionOfTheLibrary) {
  for (const char* text : {"[=", "[[=", "[.a]", "[#a]", "a.=1", "{=1}", "a={=1}", "a=[=]"}) {
    EXPECT_FALSE(parse_document(text, "x.toml")) << text;
  }
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
  EXPECT_FALSE(guard_document("a = \"" + dots + "\""));
  EXPECT_FALSE(guard_document("a = '" + dots + "' # " + dots + "\n"));
  EXPECT_FALSE(guard_document("a = \"\\\"" + dots + "\""));
  EXPECT_FALSE(guard_document("a = \"\"\"x\"" + dots + "\n" + dots + "\"\"\"\""));
  EXPECT_FALSE(guard_document("a = [" + repeat("1.5, ", 100) + "]"));
  EXPECT_TRUE(guard_document("a = \"\"\n" + repeat("\"a\".", 100) + "b = 1"));
  EXPECT_TRUE(guard_document("a = '''x'''\n" + repeat("a.", 100) + "b = 1"));
}

// The library's test for white space has undefined behaviour for some of these.
TEST(Document, BeyondAsciiIsForQuotesAndComments) {
  EXPECT_FALSE(parse_document("name = 1 \xC3\xA4", "x.toml"));
  EXPECT_FALSE(parse_document("dunk\xD2\x97o = 1", "x.toml"));
  EXPECT_FALSE(parse_document("a = \"\"\"x \\\n  \xC3\xA9\"\"\"", "x.toml"));
  EXPECT_FALSE(parse_document("a = \"\"\"x \\\xC3\xA9\"\"\"", "x.toml"));
  const auto document = parse_document(
      "\xEF\xBB\xBF# \xC3\xA4\na = '\xC3\xA4'\n\"\xC3\xA4\" = \"\"\"x \\\n  y\xC3\xA9\"\"\"\n",
      "x.toml");
  ASSERT_TRUE(document) << format(document.error());
  EXPECT_EQ(find(document->root, "a")->text, "\xC3\xA4");
  EXPECT_EQ(find(document->root, "\xC3\xA4")->text, "x y\xC3\xA9");
}

TEST(Document, LargerFilesThanTheLimitAreRefused) {
  EXPECT_TRUE(parse_document("#" + std::string(kDocumentBytesMax - 1, 'x'), "x.toml"));
  EXPECT_FALSE(parse_document("#" + std::string(kDocumentBytesMax, 'x'), "x.toml"));
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
  EXPECT_EQ(find(*again, "b c")->items[1].kind, DocumentValue::Kind::decimal);
}

TEST(Document, MembersStayInOrder) {
  DocumentValue table;
  for (const char* key : {"b", "c", "a", "b"}) set_member(table, key, DocumentValue{});
  ASSERT_EQ(table.members.size(), 3U);
  EXPECT_EQ(table.members[0].key, "a");
  EXPECT_EQ(table.members[2].key, "c");
  EXPECT_EQ(find(table, "d"), nullptr);
}

}  // namespace
}  // namespace macula
