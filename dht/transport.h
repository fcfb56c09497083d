// The one interface between a node of Macula and the world: transport/host.h and transport/guest.h,
// for the messages of dht/wire. There stand the promises that every host keeps.
//
// The simulator's virtual host and the QUIC host implement `Host`; a node is a `Guest`.
#pragma once

#include "dht/contact/contact_book.h"
#include "dht/wire/message.h"
#include "transport/guest.h"
#include "transport/host.h"

namespace macula::dht {

using Host = transport::Host<wire::Message>;
using Guest = transport::Guest<wire::Message>;

using transport::Failure;
using transport::InboundId;
using transport::jittered;
using transport::kNoTimer;
using transport::RequestId;
using transport::Sender;
using transport::TimerId;
using transport::Token;

}  // namespace macula::dht
