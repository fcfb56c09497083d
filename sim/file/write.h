// A scenario document as text: the sections in their order, and in each the keys in the order of
// the documentation. The text reads back as the same document.
//
//   std::string text = write_document(schema, document.root, {});
#pragma once

#include <string>

#include "base/text/document.h"
#include "sim/file/keys.h"

namespace macula::sim {

struct DocumentStyle {
  bool origins = false;  // behind each entry, where its value came from
  std::string aside{};   // entries of [protocol] that this origin gave are no entries but comments
};

// Keys that the schema does not know are left out.
[[nodiscard]] std::string write_document(const Schema& schema, const DocumentValue& root,
                                         const DocumentStyle& style);

}  // namespace macula::sim
