// Where a node listens, under the names of this room: transport/endpoint.h.
#pragma once

#include "transport/endpoint.h"

namespace macula::dht {

using transport::Endpoint;
using transport::format_endpoint;
using transport::is_ipv4;
using transport::is_public;
using transport::is_routable;
using transport::make_ipv4;
using transport::owner_of;
using transport::parse_endpoint;
using transport::subnet_of;
using transport::write_endpoint;

}  // namespace macula::dht
