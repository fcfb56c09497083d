// The dependences of draws, seen from outside: random scenarios are run with and without something
// that concerns no other node, and all that the others do must be the same to the nanosecond.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sim/engine/random.h"
#include "sim/file/parse.h"
#include "sim/macula/kit.h"
#include "sim/run/run.h"

namespace macula::sim {
namespace {

// Texts of scenarios, drawn: two groups that know each other, and one apart: clients, which are in
// nobody's table.
class Drawn {
 public:
  explicit Drawn(std::uint64_t seed) : random_(seed, "scenario") {
    settings_ = "[scenario]\nschema = 1\nname = \"drawn\"\nduration = \"50s\"\n" +
                line("tables", {"joined", "ideal"}) + line("connections", {"cold", "warm"}) +
                ties() + line("wire", {"typed", "encoded"}) + line("chunks", {"whole", "random"}) +
                "[protocol]\nk = " + number(3, 12) +
                "\nmaintenance = " + one_of({"true", "false"}) +
                "\n[latency]\ndefault = \"uniform(5ms, 80ms)\"\n[link.home]\nloss = \"" +
                number(0, 8) + "%\"\njitter = \"exponential(mean=5ms)\"\n";
    if (random_.below(2) == 0) {
      settings_ +=
          "[churn.some]\napplies_to = \"sample(eu, 40%)\"\nmay_miss = true\n"
          "session = \"exponential(mean=40s)\"\ndowntime = \"exponential(mean=20s)\"\n";
    }
    eu_ = 5 + random_.below(15);
    us_ = 5 + random_.below(15);
    const std::uint64_t count = 3 + random_.below(6);
    for (std::uint64_t i = 0; i < count; ++i) steps_.push_back(step(i));
  }

  // `apart`: a line for its group, as "without = [1]". `more`: a step above all others.
  [[nodiscard]] std::string text(const std::string& apart, const std::string& more) const {
    const std::string link = "link = \"home\"\n";
    std::string text =
        settings_ + "[[node]]\nname = \"first\"\n" + link +
        "[[group]]\nname = \"apart\"\nmode = \"client\"\ncount = 4\n" + link + apart + "\n" +
        "[[group]]\nname = \"eu\"\ncount = " + std::to_string(eu_) +
        "\njoin = { via = \"first\", spread = \"5s\" }\n" + link +
        "[[group]]\nname = \"us\"\nids = \"seeded\"\ncount = " + std::to_string(us_) +
        "\njoin = { via = \"first\", spread = \"5s\" }\n" + link + more;
    for (const std::string& step : steps_) text += step;
    return text + "[[expect]]\nname = \"all\"\nmetric = \"healthy(all)\"\nequals = \"100%\"\n";
  }

  [[nodiscard]] bool shuffled() const { return shuffled_; }

 private:
  std::string number(std::uint64_t low, std::uint64_t high) {
    return std::to_string(low + random_.below(high - low + 1));
  }
  std::string one_of(const std::vector<std::string>& words) {
    return words[static_cast<std::size_t>(random_.below(words.size()))];
  }
  std::string ties() {
    shuffled_ = random_.below(3) == 0;
    return shuffled_ ? "ties = \"shuffled\"\n" : "";
  }
  std::string line_of(const std::string& key, const std::vector<std::string>& words) {
    return key + " = \"" + one_of(words) + "\"";
  }
  std::string line(const std::string& key, const std::vector<std::string>& words) {
    return line_of(key, words) + "\n";
  }
  std::string by() {
    return "by = \"" +
           one_of(
               {"any(eu)", "sample(us, 30%)", "any(eu + us)", "eu#2", "us", "any(us) + any(us)"}) +
           "\"";
  }
  std::string step(std::uint64_t which) {
    std::string text = "[[at]]\nt = \"" + number(8, 30) + "s\"\n";
    if (random_.below(3) == 0) text += "id = \"step " + std::to_string(which) + "\"\n";
    if (random_.below(2) == 0) text += "label = \"some\"\n";
    text += "may_miss = true\n";
    const std::string key =
        ", key = \"k" + one_of({number(0, 2), "{n % 3}", "{uniform(3)}", "{zipf(3, 0.8)}"}) + "\"";
    const std::string procedure = ", procedure = \"calc.p" + number(0, 1) + "\"";
    const std::uint64_t verb = random_.below(12);
    if (verb < 6 && random_.below(4) == 0) {
      text += "think = \"exponential(mean=" + number(1, 9) + "s)\"\nuntil = \"40s\"\n";
    } else if (random_.below(2) == 0) {
      const std::string pause = number(3, 20) + "s";
      text += "every = \"" + one_of({pause, "exponential(mean=" + pause + ")"}) +
              "\"\nuntil = \"40s\"\n";
    }
    switch (verb) {
      case 0:
        return text + "store = { " + by() + key + ", value = \"v{n}\" }\n";
      case 1:
        return text + "find = { " + by() + key + ", local = false }\n";
      case 2:
        return text + "advertise = { " + by() + procedure + " }\n";
      case 3:
        return text + "call = { " + by() + procedure + " }\n";
      case 4:
        return text + "ping = { " + by() + ", to = \"any(us)\" }\n";
      case 5:
        return text + "lookup = { " + by() + key + " }\n";
      case 6:
        return text + "crash = \"any(eu)\"\n";
      case 7:
        return text + "partition = { between = [\"" + one_of({"eu", "any(eu)", "sample(eu, 40%)"}) +
               "\", \"us\"], " + line_of("mode", {"both", "one-way"}) + " }\n";
      case 8:
        return text + "heal = \"all\"\n";
      case 9:
        return text + "pause = \"sample(us, 40%)\"\n";
      case 10:
        return text + "resume = \"us\"\n";
      default:
        return text + "restart = \"sample(eu + us, 20%)\"\n";
    }
  }

  RandomStream random_;
  std::string settings_;
  std::vector<std::string> steps_;
  std::uint64_t eu_ = 0;
  std::uint64_t us_ = 0;
  bool shuffled_ = false;
};

// The time of a line of a trace, which begins with it.
std::int64_t time_of(const std::string& line) {
  constexpr std::string_view kBegin = "{\"t\":";
  if (!line.starts_with(kBegin)) throw std::runtime_error("no time: " + line);
  return std::stoll(line.substr(kBegin.size(), 20));
}

// `ties = "shuffled"` orders what falls on one instant: a step that is taken away
// has instants of its own.
//
// Every event of the nodes that are not apart, before `end`: a line each. Calls have numbers in
// traces only through their messages.
std::vector<std::string> events(const std::string& text, std::uint64_t seed, std::int64_t end) {
  const auto scenario = parse_scenario_text(macula_kit(), text, "drawn.toml");
  if (!scenario) throw std::runtime_error(format(scenario.error()) + text);
  std::ostringstream trace;
  RunOptions options;
  options.trace = &trace;
  static_cast<void>(run_scenario(*scenario, seed, options));
  std::vector<std::string> lines;
  std::istringstream all(trace.str());
  for (std::string line; std::getline(all, line);) {
    if (time_of(line) >= end) break;
    if (line.find("apart#") != std::string::npos) continue;
    // A cut tells its sides by numbers of nodes, which another node moves.
    if (line.find("\"partition\"") != std::string::npos) line.resize(line.find(",\"content\""));
    lines.push_back(line);
  }
  return lines;
}

constexpr std::int64_t kSecond = 1'000'000'000;

// Where they part; empty: nowhere.
std::string difference(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i < a.size() && i < b.size() && a[i] == b[i]) continue;
    return (i < a.size() ? a[i] : "the end") + " | " + (i < b.size() ? b[i] : "the end");
  }
  return {};
}

RC_GTEST_PROP(Draws, WhatConcernsNoOtherNodeChangesNothingOfTheOthers, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint32_t>();
  const Drawn drawn(seed);
  const std::string apart =
      "[[at]]\nt = \"12017ms\"\nevery = \"3s\"\nping = { by = \"any(apart)\", to = "
      "\"apart#0\" }\n";
  const std::string late = "[[at]]\nt = \"45s\"\nlookup = { by = \"any(us)\", key = \"k1\" }\n";
  const auto before = events(drawn.text("", apart), seed, 45 * kSecond);
  RC_ASSERT(before.size() > 10U);
  RC_ASSERT(difference(before, events(drawn.text("", ""), seed, 45 * kSecond)) == "");
  RC_ASSERT(difference(before, events(drawn.text("", late + apart), seed, 45 * kSecond)) == "");
  if (drawn.shuffled()) return;  // all nodes start at one instant
  RC_ASSERT(difference(before, events(drawn.text("without = [1]", apart), seed, 45 * kSecond)) ==
            "");
  RC_ASSERT(difference(before, events(drawn.text("members = [0, 3]", apart), seed, 45 * kSecond)) ==
            "");
}

// Connections end at both ends while the groups are cut apart.
std::string cut_apart(const std::string& first, const std::string& second) {
  const auto group = [](const std::string& name) {
    return "[[group]]\nname = \"" + name + "\"\ncount = 7\nlink = \"home\"\n";
  };
  return "[scenario]\nschema = 1\nname = \"order\"\nduration = \"150s\"\ntables = \"ideal\"\n"
         "[protocol]\nk = 4\n[latency]\ndefault = \"uniform(5ms, 80ms)\"\n"
         "[link.home]\nloss = \"2%\"\njitter = \"exponential(mean=5ms)\"\n" +
         group(first) + group(second) +
         "[[at]]\nt = \"1s\"\nevery = \"733ms\"\nlabel = \"p\"\n"
         "ping = { by = \"any(all)\", to = \"any(all)\", timeout = \"4s\" }\n"
         "[[at]]\nt = \"20s\"\npartition = { between = [\"eu\", \"us\"] }\n"
         "[[at]]\nt = \"97s\"\nheal = \"all\"\n"
         "[[expect]]\nname = \"all\"\nmetric = \"healthy(all)\"\nequals = \"100%\"\n";
}

TEST(Draws, WhichGroupStandsFirstInTheFileChangesNothing) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    auto one = events(cut_apart("eu", "us"), seed, 150 * kSecond);
    auto other = events(cut_apart("us", "eu"), seed, 150 * kSecond);
    // Addresses go by the place in the file, and stand in answers; a cut is told by numbers, and
    // what falls on one instant in their order.
    for (auto* lines : {&one, &other}) {
      for (std::string& line : *lines) {
        line.resize(std::min({line.size(), line.find(",\"hash\":"), line.find(",\"content\":")}));
      }
      std::sort(lines->begin(), lines->end());
    }
    EXPECT_GT(one.size(), 1000U);
    EXPECT_EQ(difference(one, other), "") << "seed " << seed;
  }
}

TEST(Draws, OtherFatesAreOthersFromTheirTimeOn) {
  const std::string text = Drawn(7).text("", "");
  const auto with = [&](const std::string& more) {
    std::string other = text;
    return other.insert(other.find("schema"), more + "\n");
  };
  const auto before = events(text, 1, 50 * kSecond);
  EXPECT_NE(before, events(with("fates = \"other\""), 1, 50 * kSecond));
  const std::string after = "fates_after = { t = \"30s\", salt = \"a\" }";
  EXPECT_NE(before, events(with(after), 1, 50 * kSecond));
  EXPECT_EQ(events(text, 1, 30 * kSecond), events(with(after), 1, 30 * kSecond));
}

}  // namespace
}  // namespace macula::sim
