// Any text as a region matrix: refused with its line, or read whole, never a crash or a hang.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sim/file/region_csv.h"

namespace {

void read(const std::string& text, const char* unit) {
  const auto rows = macula::sim::parse_region_csv(text, "fuzz.csv", unit);
  if (!rows) {
    if (macula::format(rows.error()).empty()) std::abort();
    return;
  }
  // Every pair stands there in both directions, so that no lookup has to guess.
  for (const auto& row : *rows) {
    bool found = false;
    for (const auto& back : *rows) found = found || (back.from == row.to && back.to == row.from);
    if (!found || row.delay_ns < 0 || row.loss_ppm > 1'000'000) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  read(text, "");
  read(text, "rtt_ms");  // of square tables
  return 0;
}
