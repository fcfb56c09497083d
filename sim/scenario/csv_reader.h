// The CSV library as it is used here: cells trimmed, no quotes, empty lines and those that begin
// with # skipped.
//
//   CsvReader<3> reader(file, text.data(), text.data() + text.size());
//   reader.read_header(io::ignore_no_column, "time", "node", "event");
//
// It throws io::error::base. For source files only: the library is large.
#pragma once

// In errors the library cuts file names short, which it means to.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wstringop-truncation"
#endif
#include <limits>
// The reader would start a thread to read ahead; ours has the text in memory.
#define CSV_IO_NO_THREAD
#include <libfccp/csv.h>

namespace macula::sim {

template <unsigned kColumns>
using CsvReader = io::CSVReader<kColumns, io::trim_chars<' ', '\t'>, io::no_quote_escape<','>,
                                io::throw_on_overflow, io::single_and_empty_line_comment<'#'>>;

}  // namespace macula::sim
