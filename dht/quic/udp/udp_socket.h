// A UDP socket that takes and gives datagrams in batches.
//
//   auto socket = UdpSocket::bind(endpoint);
//   socket->receive([&](const Endpoint& remote, std::string_view datagram) { ... });
//   socket->send(remote, datagram);     // queued
//   socket->flush();                    // as many as the system takes; the rest stays queued
//
// Neighbours in the queue with one receiver and one size leave with one system call and one walk
// through the network stack (UDP_SEGMENT). A datagram that the system refuses to send is lost, as
// any may be, and counted.
//
// A socket bound to a wildcard learns of each datagram which address of the machine it was sent to,
// and sends from the one it is told (IP_PKTINFO, IPV6_RECVPKTINFO).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "dht/contact/endpoint.h"
#include "dht/quic/engine/engine.h"
#include "dht/quic/udp/socket_address.h"
#include "dht/quic/udp/unique_fd.h"

namespace macula::dht::quic {

struct SocketError {
  int code = 0;  // errno
  std::string message;
};

class UdpSocket final : public DatagramSink {
 public:
  static constexpr std::size_t kBatch = 64;             // datagrams of one system call
  static constexpr std::size_t kDatagramBytes = 2048;   // longer ones are cut, counted, dropped
  static constexpr std::size_t kQueueBytes = 4U << 20;  // while blocked; more is dropped
  static constexpr int kBufferBytes = 4 << 20;          // asked of the system, for each direction

  using Receiver = std::function<void(const Endpoint& remote, std::string_view datagram)>;

  // Port 0: a free one. Bound to an IPv6 wildcard it reaches IPv4, too.
  [[nodiscard]] static tl::expected<UdpSocket, SocketError> bind(const Endpoint& endpoint);
  UdpSocket(UdpSocket&&) noexcept;
  UdpSocket& operator=(UdpSocket&&) noexcept;
  ~UdpSocket();

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const Endpoint& local() const { return local_; }

  // Whether anything can be sent there at all: an IPv4 socket reaches no IPv6 address.
  [[nodiscard]] bool reaches(const Endpoint& remote) const {
    return to_socket_address(remote, family_).has_value();
  }

  // At most one batch, in order of arrival. How many datagrams were there: less than kBatch means
  // that no more are waiting.
  std::size_t receive(const Receiver& receiver);

  // Inside the receiver: the address that the datagram was sent to, where the socket has several.
  [[nodiscard]] const LocalAddress& arrived_at() const { return arrived_at_; }

  void send(const Endpoint& remote, std::string_view datagram) override {
    send_from({}, remote, datagram);
  }
  void send_from(const LocalAddress& local, const Endpoint& remote,
                 std::string_view datagram) override;
  // False: the system takes no more for now, call again once the socket is writable.
  bool flush();
  [[nodiscard]] std::size_t queued() const { return queue_.size() - sent_; }

  struct Counters {
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
    std::uint64_t receive_calls = 0;
    std::uint64_t send_calls = 0;
    std::uint64_t too_long = 0;  // received, cut and dropped
    std::uint64_t dropped = 0;   // not sent: the queue was full, or the system refused
  };
  [[nodiscard]] const Counters& counters() const { return counters_; }

 private:
  struct Queued {
    Endpoint remote;
    LocalAddress local;
    std::size_t offset;  // in bytes_
    std::size_t size;
  };
  struct Batch;

  UdpSocket(UniqueFd fd, int family, const Endpoint& local);
  // How many datagrams from `first` on make one message of the batch.
  [[nodiscard]] std::size_t run_length(std::size_t first) const;
  // The `i`-th message of the batch: `count` datagrams from `first` on.
  void fill_message(std::size_t i, std::size_t first, std::size_t count);
  [[nodiscard]] bool fill_batch();
  void drop_front(int error);
  void forget_sent();

  UniqueFd fd_;
  int family_;
  Endpoint local_;
  bool many_addresses_;  // bound to a wildcard
  LocalAddress arrived_at_{};
  bool segments_ = true;          // until the system says that it cannot
  std::size_t alone_ = 0;         // of queue_: those before this one leave one by one
  std::vector<Queued> queue_;     // in order of sending
  std::size_t sent_ = 0;          // of queue_, from its front
  std::string bytes_;             // of all that is queued, end to end
  std::unique_ptr<Batch> batch_;  // buffers of the system calls
  Counters counters_;
};

}  // namespace macula::dht::quic
