// Any text as a file of a store: refused with a reason, or read as what writes the same text again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sim/study/asked.h"
#include "sim/study/store_listing.h"
#include "sim/study/stored_run.h"

namespace {

using namespace macula::sim;

// With the hash that belongs to it, so that more than the hash is tried.
std::string with_its_hash(std::string text) {
  const std::string mark = "\"sha256\":\"";
  constexpr std::size_t kDigits = 64;
  const std::size_t at = text.find(mark);
  if (at == std::string::npos || text.size() < at + mark.size() + kDigits) return text;
  const std::size_t from = at + mark.size();
  text.replace(from, kDigits, kDigits, '0');
  return text.replace(from, kDigits, sha256_text(text));
}

void read(const std::string& text) {
  const auto stored = read_stored(text);
  if (!stored && stored.error().empty()) std::abort();
  if (stored) {
    const std::string written = stored_text(stored->unit, stored->result);
    const auto again = read_stored(written);
    if (!again || stored_text(again->unit, again->result) != written) std::abort();
    // A reading of its beginning alone says the same.
    const auto heading = read_heading(written);
    if (!heading || heading->scenario != again->result.scenario) std::abort();
    if (heading->seed != again->result.seed) std::abort();
  }
  const auto heading = read_heading(text);
  if (!heading && heading.error().empty()) std::abort();
  const auto asked = read_asked(text);
  if (!asked && asked.error().empty()) std::abort();
  if (asked && !read_asked(asked_text(*asked))) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  read(text);
  read(with_its_hash(text));
  return 0;
}
