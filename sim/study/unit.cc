#include "sim/study/unit.h"

#include <fmt/format.h>
#include <sodium/crypto_hash_sha256.h>

#include <array>

#include "base/hex.h"
#include "sim/study/version.h"

namespace macula::sim {
namespace {

constexpr std::size_t kNameDigits = 32;

}  // namespace

Provenance this_program() {
  return {std::string(program_version()), std::string(program_commit()), kFatesVersion};
}

std::string program_text(const Provenance& program) {
  return fmt::format("{} ({})", program.version, program.commit);
}

Unit unit_of(const Scenario& scenario, std::uint64_t seed, std::string_view world) {
  return {this_program(), scenario.hash, std::string(world), seed};
}

std::string unit_name(const Unit& unit) {
  return sha256_text(fmt::format("{}\n{}\n{}\n{:016x}\n{}\n{}\n", unit.program.version,
                                 unit.program.commit, unit.program.fates_version,
                                 unit.scenario_hash, unit.world, unit.seed))
      .substr(0, kNameDigits);
}

std::string sha256_text(std::string_view bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size());
  return to_hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

}  // namespace macula::sim
