#include "sim/file/explain.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

const std::string kFull = kHead + kExpect +
                          "[link.home]\n"
                          "loss = { model = \"iid\", p = \"2%\" }\n"
                          "[[at]]\n"
                          "t = \"1s\"\n"
                          "every = \"1s\"\n"
                          "call = { by = \"gw\", procedure = \"p\", label = \"probe\" }\n"
                          "[[expect]]\n"
                          "name = \"polled\"\n"
                          "metric = \"healthy(all)\"\n"
                          "within = \"30s\"\n"
                          "equals = \"100%\"\n";

bool has_line(const std::string& text, const std::string& line, const std::string& origin) {
  return std::regex_search(text, std::regex("(^|\n)" + line + " +# " + origin + "\n"));
}

std::string without_origins(const std::string& text) {
  return std::regex_replace(text, std::regex(" +# [^\n]*"), "");
}

TEST(Explain, SaysWhereEachValueCameFrom) {
  const auto text = explain_scenario_text(macula_kit(), kFull, "test.toml",
                                          {{"protocol.k", "2"}, {"node.gw.role", "edge"}});
  ASSERT_TRUE(text) << format(text.error());
  EXPECT_TRUE(has_line(*text, "name = \"test\"", "file"));
  EXPECT_TRUE(has_line(*text, "seed = 1", "default"));
  EXPECT_TRUE(has_line(*text, "k = 2", "--set protocol.k"));
  EXPECT_TRUE(has_line(*text, "bucket_size = 2", "default, as k"));
  EXPECT_TRUE(has_line(*text, "alpha = 3", "profile kademlia"));
  EXPECT_TRUE(has_line(*text, "role = \"edge\"", "--set node.gw.role"));
  EXPECT_TRUE(has_line(*text, "until = \"1min\"", "default"));
  EXPECT_TRUE(has_line(*text, "every = \"1s\"", "default"));
  EXPECT_TRUE(has_line(*text, "finally = true", "default"));
  EXPECT_NE(text->find("timeout = \"5s\", routed = false, label = \"probe\" }  # file; args, "
                       "routed, timeout: default"),
            std::string::npos)
      << *text;
}

TEST(Explain, IsAScenarioThatMeansTheSame) {
  for (const char* profile : {"kademlia", "macula-0.8"}) {
    const Overrides overrides{{"scenario.profile", profile}};
    const auto first = explain_scenario_text(macula_kit(), kFull, "test.toml", overrides);
    ASSERT_TRUE(first) << format(first.error());
    const auto second = explain_scenario_text(macula_kit(), *first, "test.toml");
    ASSERT_TRUE(second) << format(second.error());
    EXPECT_EQ(without_origins(*second), without_origins(*first));
    const auto a = parse(kFull, overrides);
    const auto b = parse(*first);
    EXPECT_EQ(macula_protocol(a->protocol).k, macula_protocol(b->protocol).k);
    EXPECT_EQ(macula_protocol(a->protocol).route, macula_protocol(b->protocol).route);
    EXPECT_EQ(macula_protocol(a->protocol).refresh_on_join,
              macula_protocol(b->protocol).refresh_on_join);
    EXPECT_EQ(a->links.classes[0].loss_ppm, b->links.classes[0].loss_ppm);
    EXPECT_EQ(a->steps[0].until, b->steps[0].until);
    EXPECT_EQ(a->expectations[0].when, b->expectations[0].when);
  }
}

// Files that it names are named in full: it may be read from elsewhere.
TEST(Explain, MeansTheSameFromAnyFolder) {
  namespace fs = std::filesystem;
  const fs::path root =
      fs::path(testing::TempDir()) / ("macula_explain" + std::to_string(getpid()));
  fs::create_directories(root / "here" / "data");
  fs::create_directories(root / "there");
  std::ofstream(root / "here" / "data" / "r.csv") << "from,to,rtt_ms\nx,x,30\n";
  std::ofstream(root / "here" / "data" / "t.csv") << "time,node,event\n5s,eu#1,down\n";
  std::ofstream(root / "here" / "a.toml")
      << kHead + kExpect +
             "[latency]\nmatrix = \"data/r.csv\"\n"
             "[[group]]\nname = \"x\"\ncount = 2\nregion = \"x\"\n"
             "[churn.c]\napplies_to = \"eu\"\ntrace = \"data/t.csv\"\n";
  const auto text = explain_scenario(macula_kit(), (root / "here" / "a.toml").string());
  ASSERT_TRUE(text) << format(text.error());
  const auto elsewhere =
      parse_scenario_text(macula_kit(), *text, (root / "there" / "b.toml").string());
  ASSERT_TRUE(elsewhere) << format(elsewhere.error());
  EXPECT_EQ(elsewhere->links.matrix.at(0).delay_ns, 15'000'000);
  EXPECT_EQ(elsewhere->churn.at(0).events.size(), 1U);
  fs::remove_all(root);
}

// [protocol] holds for every profile: those of one profile are not written there for the others.
TEST(Explain, KeepsEachProfilesOwnParameters) {
  const std::string mixed = std::regex_replace(kFull, std::regex(R"(name = "gw")"),
                                               "name = \"gw\"\nprofile = \"macula-0.8\"");
  const auto text = explain_scenario_text(macula_kit(), mixed, "test.toml", {{"protocol.k", "7"}});
  ASSERT_TRUE(text) << format(text.error());
  EXPECT_NE(text->find("\nk = 7 "), std::string::npos);
  EXPECT_NE(text->find("\n# alpha = 3 "), std::string::npos) << *text;
  const auto before = parse(mixed, {{"protocol.k", "7"}});
  const auto after = parse(*text);
  ASSERT_TRUE(before && after);
  EXPECT_EQ(macula_protocol(after->other_profiles.at(0).second).route,
            macula_protocol(before->other_profiles.at(0).second).route);
  EXPECT_EQ(macula_protocol(after->other_profiles.at(0).second).k, 7U);
  EXPECT_EQ(after->hash, before->hash);
}

TEST(Explain, HasTheHashOfItsScenario) {
  const auto text = explain_scenario_text(macula_kit(), kFull, "test.toml");
  ASSERT_TRUE(text) << format(text.error());
  const std::uint64_t hash = parse(kFull)->hash;
  EXPECT_EQ(parse(*text)->hash, hash);
  EXPECT_EQ(parse(kFull, {{"protocol.alpha", "3"}})->hash, hash) << "the value of the profile";
  EXPECT_EQ(parse(kFull, {{"at.probe.t", "1000ms"}})->hash, hash);
  EXPECT_EQ(parse(kFull, {{"scenario.seed", "7"}})->hash, hash);
  EXPECT_NE(parse(kFull, {{"protocol.alpha", "4"}})->hash, hash);
  EXPECT_NE(parse(kFull, {{"scenario.profile", "macula-0.8"}})->hash, hash);
}

TEST(Explain, RefusesWhatIsWrong) {
  EXPECT_FALSE(explain_scenario_text(macula_kit(), kHead, "test.toml"));
  EXPECT_FALSE(explain_scenario(macula_kit(), "no/such.toml"));
}

}  // namespace
}  // namespace macula::sim
