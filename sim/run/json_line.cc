#include "sim/run/json_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

namespace macula::sim {
namespace {

bool is_plain(char c) {
  return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

}  // namespace

void JsonLine::begin(std::string_view name) {
  line_ += line_.empty() ? "{\"" : ",\"";
  line_ += name;
  line_ += "\":";
}

void JsonLine::number(std::string_view name, std::int64_t value) {
  begin(name);
  fmt::format_to(std::back_inserter(line_), "{}", value);
}

void JsonLine::hash(std::string_view name, std::uint64_t value) {
  begin(name);
  fmt::format_to(std::back_inserter(line_), "\"{:016x}\"", value);
}

void JsonLine::text(std::string_view name, std::string_view value) {
  begin(name);
  quoted(value);
}

void JsonLine::numbered(std::string_view name, std::string_view of, std::uint32_t count) {
  text(name, of);
  line_.pop_back();
  fmt::format_to(std::back_inserter(line_), "/{}\"", count);
}

void JsonLine::quoted(std::string_view value) {
  if (std::all_of(value.begin(), value.end(), is_plain)) {
    line_ += '"';
    line_ += value;
    line_ += '"';
    return;
  }
  using Json = nlohmann::json;
  line_ += Json(std::string(value)).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void JsonLine::end() {
  line_ += "}\n";
  out_->write(line_.data(), static_cast<std::streamsize>(line_.size()));
  line_.clear();
}

}  // namespace macula::sim
