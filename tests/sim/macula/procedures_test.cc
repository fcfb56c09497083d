#include "sim/macula/procedures.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace macula::sim {
namespace {

// The result, or the code of the error after a "!".
std::string outcome(const std::string& procedure, const std::string& args) {
  const dht::CallOutcome outcome = compute(procedure, args);
  if (const auto* error = std::get_if<dht::wire::CallError>(&outcome)) return "!" + error->code;
  return std::get<dht::wire::Bytes>(outcome);
}

TEST(Procedures, ComputeWhatTheirLastNameSays) {
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"add", "11"},   {"subtract", "5"}, {"multiply", "24"},
      {"divide", "2"}, {"max", "8"},      {"min", "3"}};
  for (const auto& [name, result] : expected) {
    EXPECT_EQ(outcome("test.calculator." + name, R"({"a":8,"b":3})"), result) << name;
    EXPECT_EQ(outcome(name, R"({"b":3,"a":8})"), result) << name;
  }
}

TEST(Procedures, AnyOtherReturnsItsArgs) {
  EXPECT_EQ(outcome("test.echo", R"({"a":8})"), R"({"a":8})");
  EXPECT_EQ(outcome("add.er", "not even JSON"), "not even JSON");
  EXPECT_EQ(outcome("", ""), "");
}

TEST(Procedures, SayWhatIsWrong) {
  for (const char* args : {"", "{", "[]", "3", "{}", R"({"a":1})", R"({"a":1,"b":"2"})",
                           R"({"a":1,"b":2.5})", R"({"a":1,"b":null})"}) {
    EXPECT_EQ(outcome("calc.add", args), "!invalid_args") << args;
  }
  EXPECT_EQ(outcome("calc.divide", R"({"a":1,"b":0})"), "!division_by_zero");
  for (const auto& [name, args] : std::vector<std::pair<std::string, std::string>>{
           {"add", R"({"a":9223372036854775807,"b":1})"},
           {"subtract", R"({"a":-9223372036854775808,"b":1})"},
           {"multiply", R"({"a":9223372036854775807,"b":2})"},
           {"divide", R"({"a":-9223372036854775808,"b":-1})"}}) {
    EXPECT_EQ(outcome("calc." + name, args), "!overflow") << name;
  }
}

}  // namespace
}  // namespace macula::sim
