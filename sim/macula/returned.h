// The return of an operation: its error code, and all of it as one word for the digest. Results
// that a caller can tell apart have different words.
//
//   end(slot, error_of(result), word_of(result, world.book()));
//
// A contact counts as its id and endpoint, a value as what it says: so that typed and encoded runs
// agree, and runs in which contacts got other references.
#pragma once

#include <cstdint>
#include <string>

#include "dht/contact/contact_book.h"
#include "dht/node/calls.h"
#include "dht/node/node.h"
#include "dht/node/search.h"
#include "dht/node/storage.h"

namespace macula::sim {

// Empty: it succeeded.
[[nodiscard]] std::string error_of(const dht::SearchResult& result);
[[nodiscard]] std::string error_of(const dht::FindResult& result);
[[nodiscard]] std::string error_of(const dht::CallResult& result);
[[nodiscard]] std::string error_of(const dht::PingResult& result);

// The nodes, in order; how many were asked, failed and were slow; how long it took.
[[nodiscard]] std::uint64_t word_of(const dht::SearchResult& result, const dht::ContactBook& book);
// Whether it is held, and who was sent it.
[[nodiscard]] std::uint64_t word_of(const dht::StoreResult& result, const dht::ContactBook& book);
// The values, in order, and the search.
[[nodiscard]] std::uint64_t word_of(const dht::FindResult& result, const dht::ContactBook& book);
[[nodiscard]] std::uint64_t word_of(const dht::CallResult& result);
[[nodiscard]] std::uint64_t word_of(const dht::PingResult& result);

}  // namespace macula::sim
