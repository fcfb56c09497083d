// `macula-sim run --trace`, through the program: the ending of the file says its format.
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/sim/program.h"
#include "tests/sim/troubled_text.h"

namespace macula::sim {
namespace {

using Json = nlohmann::json;

class TraceFormats : public testing::Test {
 protected:
  TraceFormats() { scenario_ = folder_.write("troubled.toml", kTroubledText); }

  [[nodiscard]] std::string traced(const std::string& name,
                                   const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"run", scenario_, "--trace", folder_.path(name)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Output output = run_program(arguments);
    EXPECT_EQ(output.code, 0) << output.err;
    return read_text(folder_.path(name));
  }

  TempFolder folder_;
  std::string scenario_;
};

std::size_t count_of(const Json& events, const std::string& phase) {
  std::size_t count = 0;
  for (const Json& event : events) count += event["ph"] == phase ? 1U : 0U;
  return count;
}

TEST_F(TraceFormats, PerfettoIsTheSameAloneBesideOutAndCompressed) {
  const std::string alone = traced("a.perfetto.json");
  const Json events = Json::parse(alone);
  EXPECT_GT(count_of(events, "B"), 50U);
  EXPECT_GT(count_of(events, "f"), 300U);
  EXPECT_EQ(traced("b.perfetto.json", {"--out", folder_.path("out")}), alone);
  std::size_t begun = 0;
  const std::string lines = read_text(folder_.path("out/troubled-1/trace.jsonl"));
  const std::string kind = R"("kind":"begun")";
  for (std::size_t at = lines.find(kind); at != std::string::npos; at = lines.find(kind, at + 1)) {
    ++begun;
  }
  EXPECT_EQ(count_of(events, "B"), begun);

  static_cast<void>(traced("c.perfetto.json.gz"));
  gzFile in = gzopen(folder_.path("c.perfetto.json.gz").c_str(), "rb");
  ASSERT_NE(in, nullptr);
  std::string out(alone.size() + 1, '\0');
  EXPECT_EQ(gzread(in, out.data(), static_cast<unsigned>(out.size())),
            static_cast<int>(alone.size()));
  gzclose(in);
  out.pop_back();
  EXPECT_EQ(out, alone);
}

TEST_F(TraceFormats, TraceOnlyKeepsAPartInAnyFormat) {
  const Json events = Json::parse(traced("a.perfetto.json", {"--trace-only", "label=find"}));
  for (const Json& event : events) {
    if (event["ph"] == "B") {
      EXPECT_EQ(event["name"], "find find");
    }
  }
  EXPECT_GT(count_of(events, "B"), 50U);
  const std::string log = traced("a.shiviz", {"--trace-only", "kind=crash"});
  EXPECT_EQ(log,
            "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)\n\n"
            "eu#7 {\"eu#7\":1}\n15.000000000s crash\neu#8 {\"eu#8\":1}\n15.000000000s crash\n");
}

TEST_F(TraceFormats, OtherNamesAreJsonLines) {
  const std::string lines = traced("a.jsonl");
  for (const char* name : {"b.json", "b", "b.shiviz.txt"}) EXPECT_EQ(traced(name), lines) << name;
  EXPECT_EQ(lines.front(), '{');
}

TEST_F(TraceFormats, ShivizIsTheSameBesideOut) {
  const std::string alone = traced("a.shiviz");
  EXPECT_GT(alone.size(), 100'000U);
  EXPECT_EQ(traced("b.shiviz", {"--out", folder_.path("out")}), alone);
  EXPECT_EQ(traced("c.jsonl", {"--out", folder_.path("again")}),
            read_text(folder_.path("out/troubled-1/trace.jsonl")));
}

TEST_F(TraceFormats, AFullDiskIsSaid) {
  for (const char* name : {"full.perfetto.json", "full.shiviz", "full.pcapng"}) {
    const std::string option = std::string(name) == "full.pcapng" ? "--pcap" : "--trace";
    std::filesystem::create_symlink("/dev/full", folder_.path(name));
    const Output output = run_program({"run", scenario_, option, folder_.path(name)});
    EXPECT_EQ(output.code, 2) << name;
    EXPECT_NE(output.err.find(name), std::string::npos) << output.err;
  }
}

// tests/tools/captures.py tries what others read in it.
TEST_F(TraceFormats, ACaptureIsTheSameAloneAndBesideATrace) {
  const std::string alone = folder_.path("alone.pcapng");
  EXPECT_EQ(run_program({"run", scenario_, "--pcap", alone}).code, 0);
  const std::string lines = traced("t.jsonl");
  EXPECT_EQ(traced("u.jsonl", {"--pcap", folder_.path("beside.pcapng")}), lines);
  EXPECT_EQ(read_text(folder_.path("beside.pcapng")), read_text(alone));
  const std::string verified = folder_.path("verified.pcapng");
  EXPECT_EQ(run_program({"run", scenario_, "--pcap", verified, "--verify"}).code, 0);
  EXPECT_EQ(read_text(verified), read_text(alone));
}

TEST_F(TraceFormats, ACaptureIsOfOneRunAndHasAFileOfItsOwn) {
  const std::string path = folder_.path("c.pcapng");
  const auto refused = [&](std::vector<std::string> more, const std::string& why) {
    more.insert(more.begin(), {"run", scenario_, "--pcap", path});
    const Output output = run_program(more);
    EXPECT_EQ(output.code, 2) << why;
    EXPECT_NE(output.err.find(why), std::string::npos) << output.err;
    EXPECT_FALSE(std::filesystem::exists(path)) << why;
  };
  refused({"--seeds", "1..2"}, "--pcap follows one run, and these are 2");
  refused({"--trace", path}, "is named for two outputs");
  refused({"--json", path}, "is named for two outputs");
  refused({"--out", folder_.path("out"), "--resume"}, "--resume and --pcap");
  refused({"--trace-only", "node=nobody"}, "is 'nobody'");
}

}  // namespace
}  // namespace macula::sim
