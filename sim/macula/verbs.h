// The families of Macula's verbs, a file each. A verb is a row and a function in one of them.
#pragma once

#include <string_view>
#include <vector>

#include "sim/scenario/verb.h"

namespace macula::sim {

// Keys that several verbs have.
[[nodiscard]] inline VerbKey record_key() {
  return {.name = "key",
          .example = R"("sensor-{n}")",
          .about = "`{n}`: the number of the repetition; `{zipf(200, 1.0)}` draws."};
}
[[nodiscard]] inline VerbKey procedure_key() {
  return {.name = "procedure", .example = R"("calc.add")", .about = "Name of the service."};
}

// The value of a boolean key that may be left out.
[[nodiscard]] inline bool is_set(const Arguments& arguments, std::string_view key) {
  return arguments.has(key) && arguments.flag(key);
}

[[nodiscard]] std::vector<Verb> record_verbs();    // store, withdraw, find
[[nodiscard]] std::vector<Verb> provider_verbs();  // advertise, discover
[[nodiscard]] std::vector<Verb> call_verbs();      // call, cast
[[nodiscard]] std::vector<Verb> query_verbs();     // ping, lookup

}  // namespace macula::sim
