// Small scenario files for the tests of the scenario language.
#pragma once

#include <any>
#include <string>

#include "dht/protocol.h"
#include "sim/file/parse.h"
#include "sim/macula/kit.h"

namespace macula::sim {

inline const dht::Protocol& macula_protocol(const std::any& parameters) {
  return parameters_as<dht::Protocol>(parameters);
}

// Every line of a valid scenario but for its steps and expectations: `bootstrap`, `gw`, `eu#0..9`.
inline const std::string kHead =
    "[scenario]\n"
    "schema = 1\n"
    "name = \"test\"\n"
    "duration = \"1min\"\n"
    "[[node]]\n"
    "name = \"bootstrap\"\n"
    "role = \"bootstrap\"\n"
    "[[node]]\n"
    "name = \"gw\"\n"
    "role = \"gateway\"\n"
    "[[group]]\n"
    "name = \"eu\"\n"
    "count = 10\n"
    "join = { via = \"bootstrap\" }\n";

inline const std::string kExpect =
    "[[expect]]\n"
    "name = \"all up\"\n"
    "metric = \"healthy(all)\"\n"
    "equals = \"100%\"\n";

inline tl::expected<Scenario, Diagnostics> parse(const std::string& text,
                                                 const Overrides& overrides = {}) {
  return parse_scenario_text(macula_kit(), text, "test.toml", overrides);
}

// All messages, a line each: "LINE: message"; empty for a scenario that is right.
inline std::string errors(const std::string& text, const Overrides& overrides = {}) {
  const auto scenario = parse(text, overrides);
  std::string out;
  if (scenario) return out;
  for (const Diagnostic& diagnostic : scenario.error()) {
    out += std::to_string(diagnostic.place.line) + ": " + diagnostic.message + "\n";
  }
  return out;
}

// The messages for a step or expectation after kHead, without their line.
inline std::string errors_of(const std::string& part) {
  const auto scenario = parse(kHead + part + "\n" + kExpect);
  std::string out;
  if (scenario) return out;
  for (const Diagnostic& diagnostic : scenario.error()) out += diagnostic.message + "\n";
  return out;
}

}  // namespace macula::sim
