// Encoded runs: a message takes its way through real bytes and a real stream reader.
#pragma once

#include <cstdint>
#include <optional>

#include "dht/contact/contact_book.h"
#include "dht/wire/message.h"

namespace macula::sim {

// Encodes `message` behind the CONNECT frame of its sender, as on the first stream of a connection,
// feeds the bytes to a frame reader and decodes what comes out, in place. With `chunk_seed` the
// bytes are cut at random places; else each frame comes whole. False where no message came out.
[[nodiscard]] bool pass_through_bytes(dht::wire::Message& message, dht::ContactRef sender,
                                      dht::ContactBook& book,
                                      std::optional<std::uint64_t> chunk_seed);

}  // namespace macula::sim
