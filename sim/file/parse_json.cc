#include "sim/file/parse_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace macula::sim {
namespace {

using Json = nlohmann::json;  // its objects are sorted by key

bool convert(const Value& value, Json& out) {
  switch (value.kind) {
    case Value::Kind::text:
      out = value.text;
      return true;
    case Value::Kind::integer:
      out = value.integer;
      return true;
    case Value::Kind::decimal:
      out = value.decimal;
      return std::isfinite(value.decimal);
    case Value::Kind::boolean:
      out = value.boolean;
      return true;
    case Value::Kind::date:
      return false;
    case Value::Kind::table:
      out = Json::object();
      for (const Member& member : value.members) {
        if (!convert(member.value, out[member.key])) return false;
      }
      return true;
    case Value::Kind::list:
      out = Json::array();
      for (const Value& item : value.items) {
        out.emplace_back();
        if (!convert(item, out.back())) return false;
      }
      return true;
  }
  return false;
}

}  // namespace

tl::expected<std::string, std::string> to_json(const Value& value) {
  Json json;
  if (!convert(value, json)) {
    return tl::unexpected(std::string("JSON has no dates, no infinity and no nan"));
  }
  return json.dump();
}

}  // namespace macula::sim
