#include "sim/file/parse_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace macula::sim {
namespace {

using Json = nlohmann::json;  // its objects are sorted by key

bool convert(const DocumentValue& value, Json& out) {
  switch (value.kind) {
    case DocumentValue::Kind::text:
      out = value.text;
      return true;
    case DocumentValue::Kind::integer:
      out = value.integer;
      return true;
    case DocumentValue::Kind::decimal:
      out = value.decimal;
      return std::isfinite(value.decimal);
    case DocumentValue::Kind::boolean:
      out = value.boolean;
      return true;
    case DocumentValue::Kind::date:
      return false;
    case DocumentValue::Kind::table:
      out = Json::object();
      for (const DocumentMember& member : value.members) {
        if (!convert(member.value, out[member.key])) return false;
      }
      return true;
    case DocumentValue::Kind::list:
      out = Json::array();
      for (const DocumentValue& item : value.items) {
        out.emplace_back();
        if (!convert(item, out.back())) return false;
      }
      return true;
  }
  return false;
}

}  // namespace

tl::expected<std::string, std::string> to_json(const DocumentValue& value) {
  Json json;
  if (!convert(value, json)) {
    return tl::unexpected(std::string("JSON has no dates, no infinity and no nan"));
  }
  return json.dump();
}

}  // namespace macula::sim
