// Loses one datagram in twenty: this program is linked with --wrap=recvmmsg.
//
// A lost datagram arrives empty, which is no QUIC packet: so the clock that counts datagrams
// (stepped_clock.h) knows that nothing is under way any more.
#include <sys/socket.h>

#include <cstdint>

#include "base/hash.h"

extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names
int __real_recvmmsg(int fd, mmsghdr* messages, unsigned count, int flags, timespec* timeout);

int __wrap_recvmmsg(int fd, mmsghdr* messages, unsigned count, int flags, timespec* timeout) {
  constexpr std::uint64_t kLostPerMille = 50;
  static std::uint64_t drawn = 0;
  const int received = __real_recvmmsg(fd, messages, count, flags, timeout);
  for (int i = 0; i < received; ++i) {
    if (macula::mix(++drawn, 0x1055) % 1000 < kLostPerMille) messages[i].msg_len = 0;
  }
  return received;
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
}
