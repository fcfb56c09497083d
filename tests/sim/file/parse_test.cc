// Whole files: the design's example, the form of errors, limits.
#include "sim/file/parse.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "dht/record/record_life.h"
#include "sim/file/parse_problems.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

TEST(Parse, EveryDefaultOfASmallFile) {
  const auto scenario = parse(kHead + kExpect);
  ASSERT_TRUE(scenario) << format(scenario.error());
  EXPECT_EQ(scenario->name, "test");
  EXPECT_EQ(scenario->seed, 1U);
  EXPECT_EQ(scenario->duration, std::chrono::minutes(1));
  EXPECT_EQ(scenario->profile, "kademlia");
  EXPECT_EQ(scenario->max_events, 1'000'000'000U);
  EXPECT_EQ(scenario->wire, WireMode::typed);
  EXPECT_EQ(scenario->tables, Tables::joined);
  EXPECT_EQ(scenario->identity, Identity::bound);
  EXPECT_FALSE(scenario->record);
  EXPECT_EQ(macula_protocol(scenario->protocol).k, 20U);
  EXPECT_EQ(scenario->links.default_delay.first(), 20'000'000);
  ASSERT_EQ(scenario->populations.size(), 3U);
  EXPECT_EQ(scenario->populations[0].role, Role::bootstrap);
  EXPECT_FALSE(scenario->populations[0].group);
  EXPECT_EQ(scenario->populations[2].group->count, 10U);
  EXPECT_EQ(scenario->populations[2].join->via, "bootstrap");
  EXPECT_EQ(scenario->populations[2].place.line, 11);
  EXPECT_EQ(scenario->source->at(1), "schema = 1");
}

TEST(Parse, EveryModeIsRead) {
  const auto scenario = parse(kHead + kExpect, {{"scenario.wire", "encoded"},
                                                {"scenario.chunks", "random"},
                                                {"scenario.tables", "none"},
                                                {"scenario.storage", "shared"},
                                                {"scenario.reach", "relay"},
                                                {"scenario.identity", "unbound"},
                                                {"scenario.connections", "warm"},
                                                {"scenario.ties", "shuffled"},
                                                {"scenario.max_events", "7"},
                                                {"scenario.seed", "9"},
                                                {"node.bootstrap.ids", "seeded"},
                                                {"node.bootstrap.activation", "500ms"},
                                                {"node.bootstrap.endpoint", "10.0.0.1:9443"},
                                                {"group.eu.relay", "gw"}});
  ASSERT_TRUE(scenario) << format(scenario.error());
  EXPECT_EQ(scenario->wire, WireMode::encoded);
  EXPECT_EQ(scenario->chunks, Chunks::random);
  EXPECT_EQ(scenario->tables, Tables::none);
  EXPECT_EQ(scenario->storage, Storage::shared);
  EXPECT_EQ(scenario->reach, Reach::relay);
  EXPECT_EQ(scenario->identity, Identity::unbound);
  EXPECT_EQ(scenario->connections, Connections::warm);
  EXPECT_EQ(scenario->ties, Ties::shuffled);
  EXPECT_EQ(scenario->max_events, 7U);
  EXPECT_EQ(scenario->seed, 9U);
  EXPECT_EQ(scenario->populations[0].ids, Ids::seeded);
  EXPECT_EQ(scenario->populations[0].activation, std::chrono::milliseconds(500));
  EXPECT_EQ(scenario->populations[0].endpoint->port, 9443);
  EXPECT_EQ(scenario->populations[2].relay, "gw");
}

TEST(Parse, ALifeIsKeptExactlyOrRefused) {
  const auto ttl = [](const std::string& text) {
    return parse(kHead + kExpect + "[protocol]\nttl = \"" + text + "\"\n");
  };
  const auto longest = ttl("3650d");
  ASSERT_TRUE(longest) << format(longest.error());
  EXPECT_EQ(macula_protocol(longest->protocol).ttl, std::chrono::hours(24) * 3650);
  EXPECT_EQ(dht::make_record(nullptr, false, macula_protocol(longest->protocol)).lifetime_ms,
            315'360'000'000U);
  const auto longer = ttl("3651d");
  ASSERT_FALSE(longer);
  EXPECT_NE(format(longer.error()).find("`ttl`: more than ten years"), std::string::npos)
      << format(longer.error());
}

TEST(Parse, ProtocolGoesOverTheProfile) {
  const auto scenario =
      parse(kHead + kExpect + "[protocol]\nk = 2\nalpha = 1\nstop = \"slot\"\ndeadline = \"3s\"\n",
            {{"group.eu.profile", "macula-0.8"}});
  ASSERT_TRUE(scenario) << format(scenario.error());
  EXPECT_EQ(macula_protocol(scenario->protocol).k, 2U);
  EXPECT_EQ(macula_protocol(scenario->protocol).bucket_size, 2U);
  EXPECT_EQ(macula_protocol(scenario->protocol).stop, dht::StopRule::slot);
  EXPECT_EQ(macula_protocol(scenario->protocol).placement, dht::Placement::lookup);
  ASSERT_EQ(scenario->other_profiles.size(), 1U);
  EXPECT_EQ(scenario->other_profiles[0].first, "macula-0.8");
  EXPECT_EQ(macula_protocol(scenario->other_profiles[0].second).placement, dht::Placement::table);
  EXPECT_EQ(macula_protocol(scenario->other_profiles[0].second).deadline, std::chrono::seconds(3));
}

TEST(Parse, ErrorsCiteLineColumnAndSourceInOrder) {
  const auto scenario = parse("[scenario]\nschema = 1\n\tnaem = \"x\"\nduration = 5\n");
  ASSERT_FALSE(scenario);
  EXPECT_EQ(format(scenario.error()),
            "test.toml:1:1: error: `name` is missing from [scenario]: write `name = "
            "\"strict/peer_discovery\"`\n"
            "[scenario]\n"
            "^\n"
            "test.toml:1:1: error: a scenario that expects nothing cannot fail: write [[expect]], "
            "or `record = true` in [scenario]\n"
            "[scenario]\n"
            "^\n"
            "test.toml:3:2: error: unknown key `naem`, did you mean `name`?\n"
            "\tnaem = \"x\"\n"
            "\t^\n"
            "test.toml:4:12: error: the bare number 5 has no unit: write `duration = \"5s\"` or "
            "`duration = \"5ms\"`\n"
            "duration = 5\n"
            "           ^\n");
}

TEST(Parse, WhatIsNotBuiltYetIsRefusedByName) {
  EXPECT_EQ(errors(kHead + kExpect + "[nat.home]\nkind = \"x\"\n"), "19: `nat` is not built yet\n");
  EXPECT_EQ(errors(kHead + kExpect + "[link.home]\nrate = \"1Mbit\"\n"),
            "20: `rate` is not built yet\n");
  EXPECT_EQ(errors(kHead + kExpect +
                   "[link.home]\nloss = { model = \"gilbert-elliott\", p = \"1%\", r = \"1%\" }\n"),
            "20: the loss model `gilbert-elliott` is not built yet\n");
}

TEST(Parse, AScenarioThatExpectsNothingIsARecordOrAnError) {
  EXPECT_NE(errors(kHead), "");
  EXPECT_EQ(errors(kHead, {{"scenario.record", "true"}}), "");
}

TEST(Parse, TheMatrixIsFoundBesideTheFileOrAbove) {
  const std::string root = testing::TempDir() + "macula_matrix";
  std::filesystem::remove_all(root);
  std::filesystem::create_directories(root + "/data");
  std::filesystem::create_directories(root + "/a/b");
  std::ofstream(root + "/data/r.csv") << "from,to,delay_us,jitter_us,loss_ppm\neu,us,1000,0,0\n";
  const std::string text = kHead + kExpect + "[latency]\nmatrix = \"data/r.csv\"\n";
  const auto scenario = parse_scenario_text(macula_kit(), text, root + "/a/b/test.toml");
  ASSERT_TRUE(scenario) << format(scenario.error());
  EXPECT_EQ(scenario->links.matrix.size(), 2U);
  const Overrides wrong{{"group.eu.region", "ue"}};
  const auto region = parse_scenario_text(macula_kit(), text, root + "/a/b/test.toml", wrong);
  ASSERT_FALSE(region);
  EXPECT_EQ(region.error()[0].message, "unknown region `ue`, did you mean `eu`?");
  const Overrides missing{{"latency.matrix", "data/none.csv"}};
  EXPECT_FALSE(parse_scenario_text(macula_kit(), text, root + "/a/b/test.toml", missing));
  std::ofstream(root + "/data/r.csv") << "from,to,delay_us,jitter_us,loss_ppm\neu,us,x,0,0\n";
  const auto bad = parse_scenario_text(macula_kit(), text, root + "/a/b/test.toml");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error()[0].file, root + "/data/r.csv");
  EXPECT_EQ(bad.error()[0].place.line, 2);
}

TEST(Parse, FilesThatCannotBeRead) {
  EXPECT_EQ(parse_scenario(macula_kit(), "no/such.toml").error()[0].message,
            "no such file or folder");
  EXPECT_EQ(parse_scenario(macula_kit(), testing::TempDir()).error()[0].message,
            "this is a folder, not a file");
  EXPECT_FALSE(parse_scenario(macula_kit(), "/dev/zero"));
}

TEST(Parse, ManyErrorsAreCut) {
  std::string text = kHead + kExpect;
  for (int i = 0; i < 1000; ++i) text += "[[at]]\n";
  const auto scenario = parse(text);
  ASSERT_FALSE(scenario);
  EXPECT_EQ(scenario.error().size(), kProblemsMax + 1);
}

TEST(Parse, WrongKindsEverywhereAreErrorsOnly) {
  for (const char* text :
       {"scenario = 1",
        "node = 1",
        "node = [1]",
        "at = {}",
        "at = [[]]",
        "expect = \"x\"",
        "link = 3",
        "[link]\nhome = 3",
        "latency = []",
        "protocol = \"x\"",
        "[[scenario]]",
        "group = [{name = 3, count = \"x\", join = 4, knows = 5, role = 6}]",
        "at = [{t = 1, every = [], until = {}, call = 5}]",
        "at = [{t = \"1s\", call = {by = 1, procedure = 2, args = 3, timeout = 4}}]",
        "at = [{t = \"1s\", partition = {between = 3}}]",
        "at = [{t = \"1s\", heal = 3}]",
        "at = [{t = \"1s\", crash = [[]]}]",
        "at = [{t = \"1s\", restart = []}]",
        "expect = [{name = 1, metric = 2, equals = {}, between = 5, during = 6}]",
        ""}) {
    EXPECT_NE(errors(text), "") << text;
  }
}

}  // namespace
}  // namespace macula::sim
