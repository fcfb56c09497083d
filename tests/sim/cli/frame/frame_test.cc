#include "sim/cli/frame/frame.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/hex.h"
#include "dht/wire/frame.h"
#include "dht/wire/msgpack.h"
#include "tests/dht/wire/any_message.h"
#include "tests/dht/wire/vectors.h"
#include "tests/sim/program.h"

namespace macula::sim {
namespace {

using dht::wire::Vector;
using nlohmann::json;

Output frame(const std::vector<std::string>& arguments, const std::string& input = "") {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_frame(arguments, in, out, err);
  return {code, out.str(), err.str()};
}

// The line that decoding one vector must give.
json stated(const Vector& vector) {
  const std::string& text = vector.expected;
  const auto colon = text.find(':');
  const auto rest = colon == std::string::npos ? "" : text.substr(colon + 1);
  const auto second = rest.find(':');
  if (vector.is_refused()) {
    json error = {{"error", rest.substr(0, second)}};
    if (second != std::string::npos) error["value"] = std::stoi(rest.substr(second + 1));
    return error;
  }
  if (vector.is_original()) return {{"type", vector.type}, {"payload", json::parse(text)}};
  return {{"type", rest.substr(0, second)}, {"payload", json::parse(rest.substr(second + 1))}};
}

TEST(FrameCommand, DecodesTheVectorsAsStated) {
  for (const Vector& vector : dht::wire::read_vectors()) {
    const Output output = frame({"decode", to_hex(vector.frame)});
    EXPECT_EQ(output.code, vector.is_refused() ? 2 : 0) << vector.name;
    EXPECT_EQ(json::parse(output.out), stated(vector)) << vector.name;
    EXPECT_EQ(frame({"decode"}, to_hex(vector.frame) + "\n").out, output.out) << vector.name;
  }
}

TEST(FrameCommand, EncodesTheVectorsToTheSameBytes) {
  std::string described;
  std::string hex;
  for (const Vector& vector : dht::wire::read_vectors()) {
    if (!vector.is_original()) continue;
    described += stated(vector).dump() + '\n';
    hex += to_hex(vector.frame) + '\n';
  }
  const Output output = frame({"encode"}, described);
  EXPECT_EQ(output.code, 0) << output.err;
  EXPECT_EQ(output.out, hex);
}

RC_GTEST_PROP(FrameCommand, EncodingUndoesDecoding, ()) {
  const std::string bytes = dht::wire::encode_frame(dht::wire::Type::store, dht::wire::any_value());
  const Output decoded = frame({"decode", to_hex(bytes)});
  RC_ASSERT(decoded.code == 0);
  RC_ASSERT(frame({"encode"}, decoded.out).out == to_hex(bytes) + '\n');
}

TEST(FrameCommand, TheProgramHasIt) {
  const Output good =
      run_program({"frame", "decode", "010300000000000d81c40974696d657374616d707f"});
  EXPECT_EQ(good.code, 0);
  EXPECT_EQ(good.out, "{\"type\":\"ping\",\"payload\":{\"timestamp\":127}}\n");
  const Output bad = run_program({"frame", "decode", "01ff000000000001c0"});
  EXPECT_EQ(bad.code, 2);
  EXPECT_EQ(bad.out, "{\"error\":\"unknown_type\",\"value\":255}\n");
}

TEST(FrameCommand, AChunkHoldsWholeFrames) {
  const std::string seven = "014000000000000107";
  const std::string line = "{\"type\":\"find_node\",\"payload\":7}\n";
  EXPECT_EQ(frame({"decode", seven + seven}).out, line + line);
  const Output tail = frame({"decode", seven + "01400000000000"});
  EXPECT_EQ(tail.out, line);
  EXPECT_EQ(tail.code, 0);
  EXPECT_EQ(frame({"decode", seven + "0140000000000001"}).out,
            line + "{\"error\":\"incomplete_payload\"}\n");
}

TEST(FrameCommand, DecodingGoesOnBehindARefusedFrame) {
  const Output output = frame({"decode",
                               "0140000000000001c1"
                               "01ff000000000001c0"
                               "014000000000000107",
                               "xyz", "014000000000000108"});
  EXPECT_EQ(output.code, 2);
  EXPECT_EQ(output.out,
            "{\"error\":\"msgpack_decode_error\"}\n"
            "{\"error\":\"unknown_type\",\"value\":255}\n"
            "{\"type\":\"find_node\",\"payload\":7}\n"
            "{\"error\":\"invalid_hex\"}\n"
            "{\"type\":\"find_node\",\"payload\":8}\n");
}

TEST(FrameCommand, LinesMayEndInDifferentWays) {
  const std::string line = "{\"type\":\"find_node\",\"payload\":7}\n";
  EXPECT_EQ(frame({"decode"}, " 014000000000000107\t\r\n014000000000000107").out, line + line);
  EXPECT_EQ(frame({"decode"}, "").out, "");
  EXPECT_EQ(frame({"decode"}, "\n").out, "{\"error\":\"invalid_header\"}\n");
}

TEST(FrameCommand, ALineHasALimit) {
  const std::string longest(std::size_t{4} << 20, '0');
  EXPECT_EQ(frame({"decode"}, longest).out, "{\"error\":\"unsupported_version\",\"value\":0}\n");
  EXPECT_EQ(frame({"decode"}, longest + "00\n014000000000000107").out,
            "{\"error\":\"line_too_long\"}\n{\"type\":\"find_node\",\"payload\":7}\n");
  EXPECT_EQ(frame({"encode", longest + "00"}).code, 2);
}

std::string payload_hex(const std::string& payload) {
  const Output output = frame({"encode", R"({"type":"ping","payload":)" + payload + "}"});
  EXPECT_EQ(output.code, 0) << output.err;
  return output.out.size() < 17 ? output.err : output.out.substr(16, output.out.size() - 17);
}

std::string payload_json(const std::string& hex) {
  const std::string bytes = from_hex(hex).value();
  std::string frame_bytes = std::string(dht::wire::kFrameHeader, '\0') + bytes;
  dht::wire::write_frame_header(frame_bytes, dht::wire::Type::ping);
  const std::string line = frame({"decode", to_hex(frame_bytes)}).out;
  const std::string before = R"({"type":"ping","payload":)";
  return line.size() < before.size() + 2
             ? line
             : line.substr(before.size(), line.size() - before.size() - 2);
}

TEST(FrameCommand, ValuesHaveOneForm) {
  const std::pair<const char*, const char*> forms[] = {
      {"c0", "null"},
      {"c3", "true"},
      {"a0", "[]"},
      {"80", "{}"},
      {"c400", R"("")"},
      {"c4027e20", R"("~ ")"},
      {"c40322615c", R"("\"a\\")"},
      {"c4017f", R"("0x7f")"},
      {"c4010a", R"("0x0a")"},
      {"c402c3a9", R"("0xc3a9")"},
      {"c4023078", R"("0x3078")"},  // the text 0x, which would otherwise look like hex
      {"c4043078ffff", R"("0x3078ffff")"},
      {"c4023058", R"("0X")"},
      {"81c4023078c40130", R"({"0x3078":"0"})"},  // keys, too
      {"cb4014000000000000", "5.0"},
      {"05", "5"},
      {"cfffffffffffffffff", "18446744073709551615"},
      {"d38000000000000000", "-9223372036854775808"},
  };
  for (const auto& [hex, text] : forms) {
    EXPECT_EQ(payload_json(hex), text);
    EXPECT_EQ(payload_hex(text), hex);
  }
  EXPECT_EQ(payload_hex("1e3"), "cb408f400000000000");
  EXPECT_EQ(payload_hex(R"("0xABcd")"), "c402abcd");
}

TEST(FrameCommand, EncodingRefusesWhatItCannotSay) {
  const std::pair<const char*, const char*> bad[] = {
      {"{", "bad JSON"},
      {"{} {}", "bad JSON"},
      {"[1]", "not an object"},
      {R"({"type":"ping"})", "not an object"},
      {R"({"type":"ping","payload":1,"more":2})", "not an object"},
      {R"({"error":"invalid_header"})", "not an object"},
      {R"({"type":7,"payload":1})", "name of a message"},
      {R"({"type":"pin","payload":1})", R"(unknown type "pin")"},
      {R"({"type":"ping","payload":"0x1"})", R"("0x1" is not valid hex)"},
      {R"({"type":"ping","payload":{"0xzz":1}})", R"("0xzz" is not valid hex)"},
      {R"({"type":"ping","payload":18446744073709551616})", "64 bits"},
      {R"({"type":"ping","payload":-9223372036854775809})", "64 bits"},
      {R"({"type":"ping","payload":1e999})", "bad JSON"},
      {R"({"type":"ping","payload":{"a":1,"a":2}})", "same key twice"},
      {R"({"type":"ping","payload":{"a":1,"0x61":2}})", "same key twice"},
  };
  for (const auto& [text, reason] : bad) {
    const Output output = frame({"encode", text});
    EXPECT_EQ(output.code, 2) << text;
    EXPECT_EQ(output.out, "") << text;
    EXPECT_NE(output.err.find("argument 1: "), std::string::npos) << output.err;
    EXPECT_NE(output.err.find(reason), std::string::npos) << output.err;
  }
}

TEST(FrameCommand, EncodingGoesOnBehindABadLine) {
  const Output output = frame({"encode"}, "?\n\n{\"type\":\"find_node\",\"payload\":7}\n");
  EXPECT_EQ(output.code, 2);
  EXPECT_EQ(output.out, "014000000000000107\n");
  EXPECT_NE(output.err.find("line 1: "), std::string::npos);
}

TEST(FrameCommand, WhatIsEncodedCanBeDecoded) {
  const auto nested = [](std::size_t depth) {
    return R"({"type":"ping","payload":)" + std::string(depth, '[') + '1' +
           std::string(depth, ']') + '}';
  };
  const Output deepest = frame({"encode", nested(dht::wire::kMaxDepth)});
  EXPECT_EQ(deepest.code, 0) << deepest.err;
  EXPECT_EQ(frame({"encode", nested(dht::wire::kMaxDepth + 1)}).code, 2);
  EXPECT_EQ(frame({"encode", nested(100000)}).code, 2);
  const std::string large(dht::wire::kMaxPayload, 'x');
  const Output output = frame({"encode", R"({"type":"ping","payload":")" + large + "\"}"});
  EXPECT_EQ(output.code, 2);
  EXPECT_NE(output.err.find("payload_too_large"), std::string::npos);
}

TEST(FrameCommand, UsageErrorsAndHelp) {
  EXPECT_EQ(frame({}).code, 2);
  EXPECT_EQ(frame({"print"}).code, 2);
  EXPECT_EQ(frame({"--help"}).code, 0);
  EXPECT_NE(frame({"decode", "--help"}).out.find("Usage"), std::string::npos);
}

}  // namespace
}  // namespace macula::sim
