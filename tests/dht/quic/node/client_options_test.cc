#include "dht/quic/node/client_options.h"

#include <gtest/gtest.h>

namespace macula::dht::quic {
namespace {

constexpr ClientUsage kTwoWords{"store", "KEY VALUE", ""};
constexpr ClientUsage kProvider{"advertise", "PROC", "", true};

std::string error(const ClientUsage& usage, const std::vector<std::string>& arguments) {
  const auto parsed = parse_client_arguments(usage, arguments);
  return parsed ? "" : parsed.error();
}

TEST(ClientOptions, HaveDefaults) {
  const auto parsed = parse_client_arguments(kTwoWords, {"k", "v"});
  ASSERT_TRUE(parsed) << parsed.error();
  EXPECT_EQ(parsed->words, (std::vector<std::string>{"k", "v"}));
  EXPECT_EQ(format_endpoint(parsed->via), "127.0.0.1:9443");
  EXPECT_EQ(parsed->timeout, std::chrono::seconds(5));
  EXPECT_FALSE(parsed->json || parsed->unbound);
}

TEST(ClientOptions, AreReadAnywhereAmongTheWords) {
  const auto parsed = parse_client_arguments(
      kTwoWords, {"--json", "k", "--via", "[::1]:5", "--timeout", "1.5s", "--", "-v"});
  ASSERT_TRUE(parsed) << parsed.error();
  EXPECT_EQ(parsed->words, (std::vector<std::string>{"k", "-v"}));
  EXPECT_EQ(parsed->timeout, std::chrono::milliseconds(1500));
  EXPECT_TRUE(parsed->json);
}

TEST(ClientOptions, WrongUsageIsNamed) {
  EXPECT_EQ(error(kTwoWords, {"k"}), "takes KEY VALUE, not 1 of them");
  EXPECT_EQ(error(kTwoWords, {"k", "v", "--timeot", "1s"}),
            "unknown option '--timeot', did you mean --timeout?");
  EXPECT_NE(error(kTwoWords, {"k", "v", "--timeout", "5"}).find("needs a unit"), std::string::npos);
  for (const char* timeout : {"0s", "2h", "-1s", ""}) {
    EXPECT_NE(error(kTwoWords, {"k", "v", "--timeout", timeout}), "") << timeout;
  }
  for (const char* via : {"localhost", "127.0.0.1:0", "0.0.0.0:1", ""}) {
    EXPECT_NE(error(kTwoWords, {"k", "v", "--via", via}), "") << via;
  }
  EXPECT_NE(error(kTwoWords, {"k", "v", "--identity", "none"}), "");
}

TEST(ClientOptions, OnlyProvidersRunCommands) {
  EXPECT_NE(error(kTwoWords, {"k", "v", "--exec", "true"}), "");
  const auto parsed = parse_client_arguments(kProvider, {"p", "--exec", "true"});
  ASSERT_TRUE(parsed) << parsed.error();
  EXPECT_EQ(parsed->exec, "true");
  EXPECT_NE(error(kProvider, {"p", "--exec", ""}), "");
}

}  // namespace
}  // namespace macula::dht::quic
