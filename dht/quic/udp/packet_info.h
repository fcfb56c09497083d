// Which address of this machine a datagram was sent to, or is to leave from: control messages of
// recvmsg and sendmsg (ip(7), IP_PKTINFO; RFC 3542, section 6).
//
//   ask_for_packet_info(fd, family);                  // of a socket bound to a wildcard
//   LocalAddress local = read_packet_info(header);    // after recvmsg
//   add_packet_info(header, local, family);           // before sendmsg
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "dht/quic/engine/engine.h"

namespace macula::dht::quic {

// The size of buffers for the control messages below.
inline constexpr std::size_t kPacketInfoBytes = CMSG_SPACE(sizeof(in6_pktinfo));

void ask_for_packet_info(int fd, int family);
// All zero where the system does not say, or nothing can be sent from there.
[[nodiscard]] LocalAddress read_packet_info(msghdr& header);

// Appends a control message. There must be room for it in the buffer at `msg_control`, of which
// `msg_controllen` bytes are in use.
void add_control(msghdr& header, int level, int type, const void* data, std::size_t size);
// Appends the one that makes a datagram leave from `local`, by a socket of this family.
void add_packet_info(msghdr& header, const LocalAddress& local, int family);

}  // namespace macula::dht::quic
