// An object's report of an invariant of its own that it breaks: a sentence for people. Nothing: it
// keeps them all.
//
//   if (const Violation wrong = table.violation()) report(*wrong);
//
// A value, so that whoever looks decides what follows; nothing is changed. For what a function must
// find true to go on at all there is MACULA_CHECK (base/check.h).
#pragma once

#include <optional>
#include <string>

namespace macula {

using Violation = std::optional<std::string>;

}  // namespace macula
