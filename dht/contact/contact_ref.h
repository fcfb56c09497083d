// The 32-bit name of a contact in a ContactBook.
#pragma once

#include <cstdint>

namespace macula::dht {

enum class ContactRef : std::uint32_t {};
inline constexpr ContactRef kNoContact{0xffffffff};

}  // namespace macula::dht
