#include "dht/quic/node/config_file.h"

#include <gtest/gtest.h>

#include "dht/quic/node/run_options.h"
#include "tests/temp_folder.h"

namespace macula::dht::quic {
namespace {

std::vector<Endpoint> endpoints_of(const std::vector<Remote>& remotes) {
  std::vector<Endpoint> endpoints;
  for (const Remote& remote : remotes) endpoints.push_back(remote.endpoint.value_or(Endpoint{}));
  return endpoints;
}

// The first line of what a person would read.
std::string first_error(const std::string& text) {
  const auto settings = parse_config(text, "n.toml");
  if (settings) return "";
  const std::string shown = format(settings.error());
  return shown.substr(0, shown.find('\n'));
}

TEST(ConfigFile, SaysWhatTheOptionsSay) {
  const auto settings = parse_config(
      "listen = \"192.0.2.1:9443\"\nbootstrap = [\"192.0.2.7:1\", \"[2001:db8::1]:2\"]\n"
      "role = \"gateway\"\ndata = \"/var/lib/macula\"\nhealth = \"127.0.0.1:0\"\n"
      "announce = \"198.51.100.1:9\"\nidentity = \"unbound\"\nprofile = \"macula-0.8\"\n",
      "n.toml");
  ASSERT_TRUE(settings) << format(settings.error());
  EXPECT_EQ(settings->listen, parse_endpoint("192.0.2.1:9443"));
  EXPECT_EQ(
      endpoints_of(settings->bootstrap),
      (std::vector<Endpoint>{*parse_endpoint("192.0.2.7:1"), *parse_endpoint("[2001:db8::1]:2")}));
  EXPECT_EQ(settings->role, Role::gateway);
  EXPECT_EQ(settings->data, "/var/lib/macula");
  EXPECT_EQ(settings->health->port, 0);
  EXPECT_EQ(settings->announce, parse_endpoint("198.51.100.1:9"));
  EXPECT_EQ(settings->unbound, true);
  EXPECT_EQ(settings->profile, "macula-0.8");
}

TEST(ConfigFile, MistakesAreShownWithTheirPlace) {
  EXPECT_EQ(first_error("listen = \"127.0.0.1:1\"\nbootstap = []\n"),
            "n.toml:2:1: error: unknown key `bootstap`, did you mean `bootstrap`?");
  EXPECT_EQ(first_error("role = \"king\"\n"),
            "n.toml:1:8: error: expected bootstrap, gateway or edge, not 'king'");
  EXPECT_EQ(first_error("health = 8080\n"),
            "n.toml:1:10: error: `health` is a text in quotes, not an integer");
  EXPECT_EQ(first_error("bootstrap = [\"127.0.0.1:1\", \"127.0.0.1:0\"]\n"),
            "n.toml:1:29: error: expected ADDR:PORT or NAME:PORT of one machine, as in "
            "192.0.2.7:9443 or node.example:9443, not '127.0.0.1:0'");
  EXPECT_EQ(first_error("profile = \"kademila\"\n"),
            "n.toml:1:11: error: no profile 'kademila', did you mean `kademlia`?");
  EXPECT_EQ(first_error("a = = 1\n").substr(0, 10), "n.toml:1:5");
  const auto both = parse_config("x = 1\ny = 2\n", "n.toml");
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().size(), 2U);
}

TEST(ConfigFile, ThereAreAtMostSixtyFourBootstrapNodes) {
  std::string list;
  for (std::size_t i = 0; i < kBootstrapMax; ++i) list += "\"127.0.0.1:1\",";
  EXPECT_EQ(first_error("bootstrap = [" + list + "]\n"), "");
  EXPECT_NE(first_error("bootstrap = [" + list + "\"127.0.0.1:1\"]\n"), "");
}

TEST(ConfigFile, AFileThatIsNotThereIsAnError) {
  const TempFolder temp;
  EXPECT_FALSE(read_config(temp.path("none.toml")));
  EXPECT_FALSE(read_config(temp.path()));
  write_text(temp.path("empty.toml"), "");
  EXPECT_TRUE(read_config(temp.path("empty.toml")));
}

std::string run_error(const std::vector<std::string>& arguments) {
  const auto parsed = parse_run_arguments(arguments);
  return parsed ? "" : parsed.error();
}

TEST(RunOptions, TakesListsAndTellsMistakes) {
  const auto parsed = parse_run_arguments(
      {"--bootstrap", "127.0.0.1:1", "127.0.0.1:2", "--listen", "127.0.0.1:0", "--config", "f"});
  ASSERT_TRUE(parsed) << parsed.error();
  EXPECT_EQ(parsed->settings.bootstrap.size(), 2U);
  EXPECT_EQ(parsed->settings.listen->port, 0);
  EXPECT_EQ(parsed->config, "f");
  EXPECT_EQ(run_error({"--bootstrp", "127.0.0.1:1"}),
            "unknown option '--bootstrp', did you mean --bootstrap?");
  EXPECT_EQ(run_error({"--role", "king"}),
            "--role: expected bootstrap, gateway or edge, not 'king'");
  EXPECT_EQ(run_error({"x"}), "run takes options only, not 'x'");
  EXPECT_EQ(run_error({"--data", ""}), "--data: expected the name of a folder");
  EXPECT_NE(run_error({"--listen"}), "");
  EXPECT_NE(run_error({"--listen", "a:1", "--listen", "b:1"}), "");
}

TEST(RunOptions, OptionsWinOverTheFile) {
  const auto file = parse_config(
      "listen = \"127.0.0.1:1\"\nrole = \"edge\"\nbootstrap = [\"127.0.0.1:7\"]\n", "n.toml");
  const auto options = parse_run_arguments({"--listen", "127.0.0.1:2"});
  ASSERT_TRUE(file && options);
  const Settings merged = merge(options->settings, *file);
  EXPECT_EQ(merged.listen->port, 2);
  EXPECT_EQ(merged.role, Role::edge);
  EXPECT_EQ(merged.bootstrap.size(), 1U);
}

}  // namespace
}  // namespace macula::dht::quic
