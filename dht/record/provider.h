// Provider records: how a service's provider is written down as a value, and read back.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"
#include "dht/contact/contact_book.h"
#include "dht/wire/value.h"

namespace macula::dht {

// The key of a service: SHA-256 of its name, whatever its length.
[[nodiscard]] Key service_key(std::string_view procedure);

// {advertised_at (s), endpoint, metadata, node_id[, relay], ttl (s)}.
[[nodiscard]] wire::SharedValue make_provider_record(const Contact& provider, Time advertised,
                                                     Duration ttl);

// Nothing where the value is no provider record with an endpoint that can be reached.
[[nodiscard]] std::optional<Contact> provider_contact(const wire::Value& record);

}  // namespace macula::dht
