#include "dht/quic/udp/packet_info.h"

#include <cstring>

#include "dht/quic/udp/socket_address.h"

namespace macula::dht::quic {
namespace {

template <typename Info>
Info info_of(const cmsghdr& control) {
  Info info{};
  std::memcpy(&info, CMSG_DATA(&control), sizeof(info));
  return info;
}

bool is_control(const cmsghdr& control, int level, int type, std::size_t size) {
  return control.cmsg_level == level && control.cmsg_type == type &&
         control.cmsg_len >= CMSG_LEN(size);
}

}  // namespace

void ask_for_packet_info(int fd, int family) {
  const int level = family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
  const int name = family == AF_INET ? IP_PKTINFO : IPV6_RECVPKTINFO;
  const int yes = 1;
  // A system that does not know of it chooses the address, as ever.
  static_cast<void>(::setsockopt(fd, level, name, &yes, sizeof(yes)));
}

LocalAddress read_packet_info(msghdr& header) {
  for (cmsghdr* at = CMSG_FIRSTHDR(&header); at != nullptr; at = CMSG_NXTHDR(&header, at)) {
    if (is_control(*at, IPPROTO_IP, IP_PKTINFO, sizeof(in_pktinfo))) {
      // The address of this end, even where the datagram was a broadcast.
      const auto info = info_of<in_pktinfo>(*at);
      return {make_ipv4(ntohl(info.ipi_spec_dst.s_addr), 0).address};
    }
    if (is_control(*at, IPPROTO_IPV6, IPV6_PKTINFO, sizeof(in6_pktinfo))) {
      const auto info = info_of<in6_pktinfo>(*at);
      LocalAddress local;
      if (IN6_IS_ADDR_MULTICAST(&info.ipi6_addr)) return local;
      std::memcpy(local.address.data(), &info.ipi6_addr, local.address.size());
      return local;
    }
  }
  return {};
}

void add_control(msghdr& header, int level, int type, const void* data, std::size_t size) {
  auto* control =
      reinterpret_cast<cmsghdr*>(static_cast<char*>(header.msg_control) + header.msg_controllen);
  control->cmsg_level = level;
  control->cmsg_type = type;
  control->cmsg_len = CMSG_LEN(size);
  std::memcpy(CMSG_DATA(control), data, size);
  header.msg_controllen += CMSG_SPACE(size);
}

void add_packet_info(msghdr& header, const LocalAddress& local, int family) {
  const auto address = to_socket_address(Endpoint{local.address, 0}, family);
  if (!address) return;
  if (family == AF_INET) {
    in_pktinfo info{};
    info.ipi_spec_dst = address->address.v4.sin_addr;
    add_control(header, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
  } else {
    // An IPv4 address in its mapped form is understood, too.
    in6_pktinfo info{};
    info.ipi6_addr = address->address.v6.sin6_addr;
    add_control(header, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info));
  }
}

}  // namespace macula::dht::quic
