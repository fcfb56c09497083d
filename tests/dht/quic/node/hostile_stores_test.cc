// Clients that fill a real node's store, and the list of a service: the cost for the node, and the
// answers that others get.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "dht/protocol.h"
#include "dht/record/provider.h"
#include "dht/wire/extent.h"
#include "tests/dht/quic/hostile/outside.h"
#include "tests/dht/quic/hostile/stranger.h"
#include "tests/dht/quic/node/node_process.h"

namespace macula::dht::quic {
namespace {

using std::chrono::seconds;

constexpr std::size_t kMiB = std::size_t{1} << 20;

// A node of its own process, and the loop of those who attack it.
struct AttackedProcess {
  NodeProcess node{{"run", "--listen", "127.0.0.1:0", "--health", "127.0.0.1:0"}};
  Endpoint at = *parse_endpoint(node.said("listening on "));
  std::string pages = node.said("health on http://");
  Outside outside;

  // Says the frames in their order; true once the node has read them all.
  bool says(Stranger& stranger, std::string frames) {
    frames += encoded(wire::Ping{1});
    const StreamId stream = stranger.say(std::move(frames), true);
    return outside.run_until([&] { return stranger.answered(stream); }, kPatience);
  }
};

// ----- memory -----

enum class Shape : std::uint8_t { nils, map, nested, text, short_texts, providers, mixed };
constexpr std::size_t kShapes = 6;  // that are no mixture

wire::Value value_of(Shape shape, std::uint64_t number) {
  const auto text = [](std::uint64_t i) { return wire::Value{std::to_string(i)}; };
  switch (shape) {
    case Shape::nils:
      return {wire::Array(10'000)};
    case Shape::map: {
      wire::Map map;
      for (std::uint64_t i = 0; i < 3000; ++i) map.push_back({std::to_string(i), {}});
      return wire::make_map(std::move(map));
    }
    case Shape::nested:
      return {wire::Array(5000, wire::Value{wire::Array(1)})};
    case Shape::text:
      return {std::string(400'000, 'x')};
    case Shape::short_texts:  // a byte too long to need no memory of their own
      return {wire::Array(5000, wire::Value{std::string(16, 'x')})};
    case Shape::providers:
    case Shape::mixed:
      break;
  }
  // As small as a value may be that has a place of its own under its key.
  return wire::make_map({{"node_id", text(number)}});
}

// Under few keys where the values have places of their own.
Key key_of(Shape shape, std::uint64_t number) {
  return hash_id("key " + std::to_string(shape == Shape::providers ? number / 128 : number));
}

// Brings records until they hold so many bytes, as the node counts them.
void fill(AttackedProcess& attacked, Stranger& stranger, Shape shape, std::uint64_t first,
          std::size_t bytes) {
  stranger.greet();
  constexpr std::size_t kOfRecord = 320;  // beside the value
  std::size_t counted = 0;
  for (std::uint64_t i = first; counted < bytes;) {
    std::string frames;
    for (; counted < bytes && frames.size() < 4 * kMiB; ++i) {
      const auto value = std::make_shared<const wire::Value>(value_of(shape, i));
      counted += wire::extent_of(*value).memory + kOfRecord;
      frames += encoded(wire::Store{key_of(shape, i), {value}});
    }
    ASSERT_TRUE(attacked.says(stranger, std::move(frames)));
  }
}

class HostileShapes : public testing::TestWithParam<Shape> {};

void PrintTo(Shape shape, std::ostream* out) {
  *out << static_cast<int>(shape);
}

TEST_P(HostileShapes, TakeNoMoreMemoryThanAStoreMayHold) {
  AttackedProcess attacked;
  const auto store_bytes = static_cast<std::size_t>(Protocol{}.store_bytes);
  const auto held = [&] { return metric(attacked.pages, "macula_records_bytes").value_or(0); };
  const double full = 0.9 * static_cast<double>(store_bytes);
  // One holds at most a quarter of it. Two more come when it is full; records of strangers that
  // have gone stay stored.
  std::uint64_t after = 0;
  for (std::uint64_t i = 0; i < 24 && after < 3; ++i) {
    Stranger stranger(attacked.outside, attacked.at, 100 + i);
    const bool mixed = GetParam() == Shape::mixed;
    const Shape shape = mixed ? static_cast<Shape>(i % kShapes) : GetParam();
    fill(attacked, stranger, shape, i * 1'000'000, store_bytes / 4);
    if (held() >= full && i >= kShapes - 3) ++after;
  }
  EXPECT_GE(held(), full);
  EXPECT_LE(held(), static_cast<double>(store_bytes));
  const std::size_t resident = attacked.node.resident_bytes();
  std::printf("%zu MiB resident\n", resident / kMiB);
  EXPECT_LE(resident, store_bytes * 3 / 2 + 32 * kMiB);
  EXPECT_EQ(missed_by_newcomer(attacked.outside, attacked.at, 900, kPatience), "");
}

INSTANTIATE_TEST_SUITE_P(Shapes, HostileShapes,
                         testing::Values(Shape::nils, Shape::map, Shape::nested, Shape::text,
                                         Shape::short_texts, Shape::providers, Shape::mixed));

// ----- a full list -----

// A record of a provider that nobody can reach, signed by its key: the best that there is.
wire::Record proven_record(const std::string& procedure, std::uint64_t number) {
  const Contact provider{credentials_of(number).id(), make_ipv4(0x7f000001, 9), std::nullopt};
  wire::Record record{make_provider_record(provider, kTimeZero, seconds(300))};
  record.lifetime_ms = record.ttl_ms = 300'000;
  sign_record(service_key(procedure), record, 1, SigningKey(seed_of(number)));
  return record;
}

// As many as a list holds, each brought by whom it names.
void fill_list(AttackedProcess& attacked, const std::string& procedure, bool by_one) {
  std::optional<Stranger> stranger;
  for (std::uint64_t i = 0; i < RecordStore::kMostOrigins; ++i) {
    if (!stranger || !by_one) {
      stranger.emplace(attacked.outside, attacked.at, 1000 + i);
      stranger->greet();
    }
    const wire::Store store{service_key(procedure), proven_record(procedure, 1000 + i)};
    ASSERT_TRUE(attacked.says(*stranger, encoded(store)));
  }
}

std::vector<std::string> as_client(const AttackedProcess& attacked,
                                   std::vector<std::string> words) {
  for (const std::string& word : {std::string("--via"), format_endpoint(attacked.at),
                                  std::string("--timeout"), std::string("120s")}) {
    words.push_back(word);
  }
  return words;
}

TEST(HostileLists, WhoeverIsRefusedByAListOfBetterProvenIsToldSo) {
  AttackedProcess attacked;
  fill_list(attacked, "calc.add", false);
  // In the background: one that takes itself for listed would stay.
  const TempFolder folder;
  NodeProcess provider(as_client(attacked, {"advertise", "calc.add", "--exec", "cat"}),
                       folder.path("out"), folder.path("err"));
  EXPECT_EQ(provider.wait(), 1);
  EXPECT_EQ(read_text(folder.path("out")), "");
  const std::string errors = read_text(folder.path("err"));
  EXPECT_NE(errors.find("refused"), std::string::npos) << errors;
}

TEST(HostileLists, OneThatAnotherHasFilledLetsAProviderIn) {
  AttackedProcess attacked;
  fill_list(attacked, "calc.add", true);
  NodeProcess provider(as_client(attacked, {"advertise", "calc.add", "--exec", "cat"}));
  EXPECT_NE(provider.said("advertised calc.add at "), "") << provider.errors();
}

TEST(HostileLists, AValueThatIsRefusedIsNoSuccessEither) {
  AttackedProcess attacked;
  fill_list(attacked, "taken", false);
  const Output output = run_client(as_client(attacked, {"store", "taken", "mine"}));
  EXPECT_EQ(output.code, 1);
  EXPECT_EQ(output.out, "");
  EXPECT_NE(output.err.find("refused"), std::string::npos) << output.err;
}

// ----- services -----

// One caller has half of the runs, however long its calls take.
TEST(HostileCalls, OfOneCallerLeaveAProviderToOthers) {
  const AttackedProcess attacked;
  const std::string via = format_endpoint(attacked.at);
  const std::string command = R"(read x; [ "$x" = '"wait"' ] && sleep 100; echo '"done"')";
  const NodeProcess provider({"advertise", "work", "--exec", command, "--via", via});
  const auto at = parse_endpoint(provider.said("advertised work at "));
  ASSERT_TRUE(at) << provider.errors();
  Outside outside;
  Stranger caller(outside, *at, 77);
  caller.greet();
  std::vector<StreamId> calls;
  for (std::uint32_t i = 0; i < 40; ++i) {
    calls.push_back(caller.ask(call_of("work", i, std::chrono::minutes(2), "\"wait\"\n")));
  }
  const auto refused = [&] {
    return std::count_if(calls.begin(), calls.end(),
                         [&](StreamId call) { return caller.answered(call); });
  };
  EXPECT_TRUE(outside.run_until([&] { return refused() >= 24; }, kPatience)) << refused();
  const Output called = run_client({"call", "work", "1", "--via", via, "--timeout", "60s"});
  EXPECT_EQ(called.out, "\"done\"\n") << called.err;
}

}  // namespace
}  // namespace macula::dht::quic
