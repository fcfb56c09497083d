#include "dht/quic/udp/udp_socket.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/check.h"
#include "dht/quic/udp/packet_info.h"

namespace macula::dht::quic {
namespace {

constexpr std::size_t kMostSegments = 64;         // UDP_MAX_SEGMENTS of Linux
constexpr std::size_t kMostSegmentBytes = 65000;  // of one message, below the limit of IP

SocketError socket_error(const std::string& what) {
  const int code = errno;
  return {code, what + ": " + std::generic_category().message(code)};
}

// The size asked for is better, the size given is enough.
void set_option(int fd, int level, int name, int value) {
  static_cast<void>(::setsockopt(fd, level, name, &value, sizeof(value)));
}

void set_options(int fd, int family) {
  set_option(fd, SOL_SOCKET, SO_RCVBUF, UdpSocket::kBufferBytes);
  set_option(fd, SOL_SOCKET, SO_SNDBUF, UdpSocket::kBufferBytes);
  // No fragments: QUIC finds out itself how large a datagram may be (RFC 9000, section 14).
  if (family == AF_INET) {
    set_option(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
  } else {
    set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    set_option(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
  }
}

}  // namespace

// The buffers of one system call, in either direction.
struct UdpSocket::Batch {
  struct alignas(cmsghdr) Control {
    std::array<char, CMSG_SPACE(sizeof(std::uint16_t)) + kPacketInfoBytes> bytes;
  };

  std::array<mmsghdr, kBatch> messages{};
  std::array<iovec, kBatch> parts{};
  std::array<SocketAddress, kBatch> addresses{};
  std::array<Control, kBatch> controls{};
  std::array<std::size_t, kBatch> datagrams{};  // in each message, when sending
  std::size_t filled = 0;
  std::array<std::array<char, kDatagramBytes>, kBatch> received{};
};

tl::expected<UdpSocket, SocketError> UdpSocket::bind(const Endpoint& endpoint) {
  const int family = family_of(endpoint);
  UniqueFd fd(::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return tl::unexpected(socket_error("no socket"));
  set_options(fd.get(), family);
  const auto address = to_socket_address(endpoint, family);
  MACULA_CHECK(address.has_value());
  if (::bind(fd.get(), address->get(), address->size) != 0) {
    return tl::unexpected(socket_error(format_endpoint(endpoint)));
  }
  const auto local = local_endpoint(fd.get());
  if (!local) return tl::unexpected(socket_error("no address"));
  UdpSocket socket(std::move(fd), family, *local);
  if (socket.many_addresses_) ask_for_packet_info(socket.fd(), family);
  return socket;
}

UdpSocket::UdpSocket(UniqueFd fd, int family, const Endpoint& local)
    : fd_(std::move(fd)),
      family_(family),
      local_(local),
      many_addresses_(is_wildcard(local)),
      batch_(std::make_unique<Batch>()) {}

UdpSocket::UdpSocket(UdpSocket&&) noexcept = default;
UdpSocket& UdpSocket::operator=(UdpSocket&&) noexcept = default;
UdpSocket::~UdpSocket() = default;

std::size_t UdpSocket::receive(const Receiver& receiver) {
  Batch& batch = *batch_;
  for (std::size_t i = 0; i < kBatch; ++i) {
    batch.parts[i] = {batch.received[i].data(), kDatagramBytes};
    msghdr& header = batch.messages[i].msg_hdr;
    header = {};
    header.msg_name = batch.addresses[i].get();
    header.msg_namelen = sizeof(batch.addresses[i].address);
    header.msg_iov = &batch.parts[i];
    header.msg_iovlen = 1;
    if (many_addresses_) {
      header.msg_control = batch.controls[i].bytes.data();
      header.msg_controllen = batch.controls[i].bytes.size();
    }
  }
  ++counters_.receive_calls;
  const int count = ::recvmmsg(fd_.get(), batch.messages.data(), kBatch, MSG_DONTWAIT, nullptr);
  // An error is a late word of a datagram that was sent and found nobody: nothing to receive.
  if (count <= 0) return 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    mmsghdr& message = batch.messages[i];
    const auto remote = to_endpoint(batch.addresses[i]);
    if ((message.msg_hdr.msg_flags & MSG_TRUNC) != 0 || !remote) {
      ++counters_.too_long;
      continue;
    }
    ++counters_.received;
    if (many_addresses_) arrived_at_ = read_packet_info(message.msg_hdr);
    receiver(*remote, {batch.received[i].data(), message.msg_len});
  }
  return static_cast<std::size_t>(count);
}

void UdpSocket::send_from(const LocalAddress& local, const Endpoint& remote,
                          std::string_view datagram) {
  const std::size_t waiting = sent_ < queue_.size() ? bytes_.size() - queue_[sent_].offset : 0;
  if (waiting + datagram.size() > kQueueBytes || !to_socket_address(remote, family_)) {
    ++counters_.dropped;
    return;
  }
  queue_.push_back({remote, local, bytes_.size(), datagram.size()});
  bytes_.append(datagram);
}

std::size_t UdpSocket::run_length(std::size_t first) const {
  if (!segments_ || first < alone_) return 1;
  const Queued& head = queue_[first];
  std::size_t bytes = head.size;
  std::size_t count = 1;
  while (first + count < queue_.size() && count < kMostSegments) {
    const Queued& next = queue_[first + count];
    bytes += next.size;
    if (!(next.remote == head.remote) || !(next.local == head.local) || next.size > head.size ||
        next.size == 0 || bytes > kMostSegmentBytes) {
      break;
    }
    ++count;
    if (next.size < head.size) break;  // a shorter one may only be the last
  }
  return count;
}

void UdpSocket::fill_message(std::size_t i, std::size_t first, std::size_t count) {
  Batch& batch = *batch_;
  const Queued& head = queue_[first];
  const Queued& last = queue_[first + count - 1];
  batch.datagrams[i] = count;
  batch.addresses[i] = *to_socket_address(head.remote, family_);
  batch.parts[i] = {bytes_.data() + head.offset, last.offset + last.size - head.offset};
  msghdr& header = batch.messages[i].msg_hdr;
  header = {};
  header.msg_name = batch.addresses[i].get();
  header.msg_namelen = batch.addresses[i].size;
  header.msg_iov = &batch.parts[i];
  header.msg_iovlen = 1;
  header.msg_control = batch.controls[i].bytes.data();
  if (count > 1) {
    const auto segment = static_cast<std::uint16_t>(head.size);
    add_control(header, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment));
  }
  if (many_addresses_ && !(head.local == LocalAddress{})) {
    add_packet_info(header, head.local, family_);
  }
  if (header.msg_controllen == 0) header.msg_control = nullptr;
}

// False where nothing is queued.
bool UdpSocket::fill_batch() {
  Batch& batch = *batch_;
  batch.filled = 0;
  for (std::size_t at = sent_; at < queue_.size() && batch.filled < kBatch; ++batch.filled) {
    fill_message(batch.filled, at, run_length(at));
    at += batch.datagrams[batch.filled];
  }
  return batch.filled > 0;
}

bool UdpSocket::flush() {
  while (fill_batch()) {
    ++counters_.send_calls;
    const int count = ::sendmmsg(fd_.get(), batch_->messages.data(),
                                 static_cast<unsigned>(batch_->filled), MSG_DONTWAIT);
    if (count > 0) {
      // The parts of a message leave that as a whole was refused: nobody can cut it.
      if (sent_ < alone_) segments_ = false;
      for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        sent_ += batch_->datagrams[i];
        counters_.sent += batch_->datagrams[i];
      }
    } else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) {
      forget_sent();
      return false;
    } else if (errno != EINTR) {
      drop_front(errno);
    }
  }
  forget_sent();
  return true;
}

// The first message was refused. Where it was several datagrams in one, they are tried one by one:
// the network device may not know how to cut them, or nothing can go there at all.
void UdpSocket::drop_front(int error) {
  const std::size_t count = batch_->datagrams[0];
  if (count > 1 && error != EMSGSIZE) {
    alone_ = sent_ + count;
    return;
  }
  sent_ += count;
  counters_.dropped += count;
}

void UdpSocket::forget_sent() {
  if (sent_ == queue_.size()) {
    queue_.clear();
    bytes_.clear();
    sent_ = 0;
    alone_ = 0;
    return;
  }
  // Moves what waits to the front only once as much has gone: linear in what is sent.
  if (sent_ == 0 || sent_ < queue_.size() - sent_) return;
  const std::size_t offset = queue_[sent_].offset;
  bytes_.erase(0, offset);
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(sent_));
  for (Queued& datagram : queue_) datagram.offset -= offset;
  alone_ -= std::min(alone_, sent_);
  sent_ = 0;
}

}  // namespace macula::dht::quic
