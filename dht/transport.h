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

using transport::Draw;
using transport::Failure;
using transport::InboundId;
using transport::jittered;
using transport::jittered_within;
using transport::kNoTimer;
using transport::RequestId;
using transport::Sender;
using transport::TimerId;
using transport::Token;

// The purposes for which a node draws.
namespace draws {
inline constexpr Draw kCallId{0};
inline constexpr Draw kTarget{1};     // of a refresh
inline constexpr Draw kChore{2};      // when its next turn is
inline constexpr Draw kJoin{3};       // the pause before the next try
inline constexpr Draw kBootstrap{4};  // which is asked; the pause before it is asked again
inline constexpr Draw kPlacement{5};  // the pause before what was not placed is placed again
}  // namespace draws

}  // namespace macula::dht
