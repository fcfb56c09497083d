#include "dht/record/provider.h"

#include <memory>
#include <utility>

namespace macula::dht {
namespace {

std::uint64_t whole_seconds(Duration duration) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

std::optional<NodeId> id_field(const wire::Value& record, std::string_view key) {
  const wire::Value* field = record.find(key);
  const wire::Bytes* bytes = field != nullptr ? field->as_bytes() : nullptr;
  return bytes != nullptr ? id_from_bytes(*bytes) : std::nullopt;
}

}  // namespace

Key service_key(std::string_view procedure) {
  return hash_id(procedure);
}

wire::SharedValue make_provider_record(const Contact& provider, Time advertised, Duration ttl) {
  wire::Map fields;
  fields.push_back({"advertised_at", {whole_seconds(advertised.time_since_epoch())}});
  fields.push_back({"endpoint", {format_endpoint(provider.endpoint)}});
  fields.push_back({"metadata", {wire::Map{}}});
  fields.push_back({"node_id", {id_to_bytes(provider.id)}});
  if (provider.relay) fields.push_back({"relay", {id_to_bytes(*provider.relay)}});
  fields.push_back({"ttl", {whole_seconds(ttl)}});
  return std::make_shared<const wire::Value>(wire::make_map(std::move(fields)));
}

std::optional<Contact> provider_contact(const wire::Value& record) {
  const auto id = id_field(record, "node_id");
  const wire::Value* endpoint_field = record.find("endpoint");
  const wire::Bytes* text = endpoint_field != nullptr ? endpoint_field->as_bytes() : nullptr;
  if (!id || text == nullptr) return std::nullopt;
  const auto endpoint = parse_endpoint(*text);
  if (!endpoint) return std::nullopt;
  return Contact{*id, *endpoint, id_field(record, "relay")};
}

}  // namespace macula::dht
