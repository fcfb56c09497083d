// Any text as a scenario file: refused or read, never a crash, a hang or unbounded memory.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sim/file/parse.h"
#include "sim/macula/kit.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto scenario =
      macula::sim::parse_scenario_text(macula::sim::macula_kit(), text, "fuzz.toml");
  // Each refusal has a reason.
  if (!scenario && macula::format(scenario.error()).empty()) std::abort();
  return 0;
}
