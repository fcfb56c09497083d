// Judges a document by the catalogue of keys (keys.h) before any value is read.
#pragma once

#include "base/text/document.h"
#include "sim/file/keys.h"
#include "sim/file/parse_problems.h"

namespace macula::sim {

// Reports unknown keys, keys that are not built yet, missing ones, and values where tables belong.
void check_keys(const DocumentValue& root, const Schema& schema, Problems& problems);

// Puts the default of every missing key that has one into its table, with the origin "default".
void fill_defaults(const Schema& schema, DocumentValue& root);

// "[scenario]", "[[node]]", "`call`": a table form as people know it.
[[nodiscard]] std::string table_title(std::string_view table, const Schema& schema);

}  // namespace macula::sim
