// Reads what a step says of its verb, as the row of the verb types it (sim/scenario/verb.h).
//
//   auto arguments = read_arguments(*find_verb(kit, "find"), value, {names, limit, keyed},
//   problems);
#pragma once

#include <optional>

#include "base/text/document.h"
#include "sim/file/parse_problems.h"
#include "sim/file/selector_parse.h"
#include "sim/scenario/arguments.h"
#include "sim/scenario/kit.h"
#include "sim/scenario/verb.h"

namespace macula::sim {

// The limits that arguments are held against.
struct ArgumentLimits {
  const PopulationNames& names;
  std::optional<RecordLimit> record;  // of what is stored; nothing: none
  bool keyed;                         // Kit::keyed
};

// `value` is what stands under the verb's name. Nothing where something is wrong, which is
// reported.
[[nodiscard]] std::optional<Arguments> read_arguments(const Verb& verb, const DocumentValue& value,
                                                      const ArgumentLimits& limits,
                                                      Problems& problems);

}  // namespace macula::sim
