#include "sim/macula/returned.h"

#include <variant>
#include <vector>

#include "base/hash.h"
#include "dht/wire/msgpack.h"

namespace macula::sim {
namespace {

std::uint64_t word_of(const std::vector<dht::ContactRef>& contacts, const dht::ContactBook& book) {
  std::uint64_t word = mix(0, contacts.size());
  for (const dht::ContactRef contact : contacts) word = mix(word, book.fingerprint(contact));
  return word;
}

std::uint64_t word_of(Duration duration) {
  return static_cast<std::uint64_t>(duration.count());
}

std::uint64_t word_of(bool flag) {
  return flag ? 1 : 0;
}

std::uint64_t word_of(const dht::LookupStats& stats) {
  const std::uint64_t hops = std::uint64_t{stats.depth} << 32 | stats.rounds;
  const std::uint64_t asked = std::uint64_t{stats.rpcs} << 32 | stats.slow;
  const std::uint64_t failed = std::uint64_t{stats.failures} << 32 | stats.timeouts;
  return mix(hops, asked, failed);
}

}  // namespace

std::string error_of(const dht::SearchResult& result) {
  if (result.timed_out) return "timeout";
  return result.closest.empty() ? "unreachable" : "";
}

std::string error_of(const dht::FindResult& result) {
  return result.values.empty() ? std::string(why_none(result)) : "";
}

std::string error_of(const dht::CallResult& result) {
  const auto* error = std::get_if<dht::wire::CallError>(&result.outcome);
  return error != nullptr ? error->code : "";
}

std::string error_of(const dht::PingResult& result) {
  if (result.answered) return "";
  return result.failure == dht::Failure::timeout ? "timeout" : "refused";
}

std::uint64_t word_of(const dht::SearchResult& result, const dht::ContactBook& book) {
  const std::uint64_t nodes = mix(word_of(result.closest, book), word_of(result.heard, book));
  return mix(nodes, word_of(result.stats), word_of(result.elapsed), word_of(result.timed_out));
}

std::uint64_t word_of(const dht::StoreResult& result, const dht::ContactBook& book) {
  return mix(word_of(result.search, book), word_of(result.replicas, book), result.bytes,
             word_of(result.stored));
}

std::uint64_t word_of(const dht::FindResult& result, const dht::ContactBook& book) {
  std::uint64_t values = mix(0, result.values.size());
  for (const dht::wire::SharedValue& value : result.values) {
    values = mix(values, dht::wire::hash_value(*value));
  }
  return mix(values, word_of(result.search, book), word_of(result.searched),
             word_of(result.timed_out));
}

std::uint64_t word_of(const dht::CallResult& result) {
  const std::uint64_t word = mix(result.outcome.index(), word_of(result.elapsed));
  if (const auto* answer = std::get_if<dht::wire::Bytes>(&result.outcome)) {
    return mix(word, hash_bytes(*answer));
  }
  const auto& error = std::get<dht::wire::CallError>(result.outcome);
  return mix(word, hash_bytes(error.code), hash_bytes(error.message));
}

std::uint64_t word_of(const dht::PingResult& result) {
  const auto failure = result.answered ? 0 : 1 + static_cast<std::uint64_t>(result.failure);
  return mix(failure, word_of(result.elapsed));
}

}  // namespace macula::sim
