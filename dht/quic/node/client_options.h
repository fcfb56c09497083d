// The command lines of the one-shot clients: `macula-node ping`, `store`, `find` and so on.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/command_line/manual.h"
#include "base/time.h"
#include "dht/contact/endpoint.h"

namespace macula::dht::quic {

// The options of a client besides those that all have.
struct ClientUsage {
  std::string_view name;
  std::string_view words;         // as in "KEY VALUE"; empty: none
  std::string_view about;         // a paragraph for --help
  bool provides = false;          // takes --exec and --listen, too
  std::string_view summary = {};  // a line
};

struct ClientArguments {
  bool help = false;  // then nothing else is checked
  std::vector<std::string> words;
  Endpoint via;
  Duration timeout = std::chrono::seconds(5);
  bool json = false;
  bool unbound = false;
  std::string exec;                // empty: nothing is run
  std::optional<Endpoint> listen;  // default: a free port
};

// The error is one line for a person.
[[nodiscard]] tl::expected<ClientArguments, std::string> parse_client_arguments(
    const ClientUsage& usage, const std::vector<std::string>& arguments);

// Its entry in the manual.
[[nodiscard]] CommandManual manual_of(const ClientUsage& usage);

}  // namespace macula::dht::quic
