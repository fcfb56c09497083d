// Prints the digest of every given scenario for every seed of a range, in the form of
// tests/digests.tsv. It links no compiled C++ library, so that any compiler with any standard
// library can build it and the digests of all of them can be compared.
//
//   digest_driver 1 3 scenarios/faults/partition.toml...
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "sim/file/parse.h"
#include "sim/macula/kit.h"
#include "sim/run/run.h"

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: digest_driver FIRST_SEED LAST_SEED FILE...\n");
    return 2;
  }
  const std::uint64_t first = std::strtoull(argv[1], nullptr, 10);
  const std::uint64_t last = std::strtoull(argv[2], nullptr, 10);
  for (int i = 3; i < argc; ++i) {
    const auto scenario = macula::sim::parse_scenario(macula::sim::macula_kit(), argv[i]);
    if (!scenario) {
      std::fputs(macula::format(scenario.error()).c_str(), stderr);
      return 2;
    }
    for (std::uint64_t seed = first; seed <= last; ++seed) {
      const macula::sim::RunResult result = macula::sim::run_scenario(*scenario, seed, {});
      std::printf("%s\t%" PRIu64 "\t%016" PRIx64 "\n", argv[i], seed, result.digest);
    }
  }
  return 0;
}
