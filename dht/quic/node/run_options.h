// The command line of `macula-node run`.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/command_line/manual.h"
#include "dht/quic/node/settings.h"

namespace macula::dht::quic {

struct RunArguments {
  bool help = false;   // then nothing else is checked
  std::string config;  // name of a file; empty: none
  Settings settings;   // of the command line alone
};

// The error is one line for a person.
[[nodiscard]] tl::expected<RunArguments, std::string> parse_run_arguments(
    const std::vector<std::string>& arguments);

// Its entry in the manual.
[[nodiscard]] CommandManual run_manual();

}  // namespace macula::dht::quic
