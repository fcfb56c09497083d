// Bytes of one stream from write() until they are acknowledged.
//
//   queue.push("bytes"); queue.finish();
//   auto offer = queue.offer();            // what comes next, for one packet
//   queue.sent(count, fin);                // so much of it was taken
//   queue.acknowledged(offset);            // all before it may go
//
// ngtcp2 keeps pointers to what it has taken, and sends it again from there: a byte never moves
// before it is acknowledged.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>

#include "dht/quic/engine/ngtcp2_api.h"

namespace macula::dht::quic {

class SendQueue {
 public:
  static constexpr std::size_t kPieces = 8;
  struct Offer {
    std::array<ngtcp2_vec, kPieces> pieces;
    std::size_t count = 0;
    bool fin = false;  // the pieces reach the end
  };

  void push(std::string bytes);
  void finish() { finished_ = true; }

  [[nodiscard]] Offer offer() const;
  void sent(std::size_t count, bool fin);
  // Returns how many bytes it lets go.
  std::size_t acknowledged(std::uint64_t offset);
  // Nothing more is to be sent. The bytes that ngtcp2 has taken stay where they are. Returns how
  // many bytes are no longer waited for.
  std::size_t give_up();

  // Forgets what was pushed, of which nothing was taken. Returns how many bytes that was.
  std::size_t clear();

  [[nodiscard]] bool untouched() const { return sent_ == 0 && !fin_sent_; }
  [[nodiscard]] bool finished() const { return finished_; }
  [[nodiscard]] bool given_up() const { return given_up_; }
  [[nodiscard]] bool has_bytes_to_send() const { return !given_up_ && sent_ < end_; }
  [[nodiscard]] bool wants_to_send() const {
    return !given_up_ && (sent_ < end_ || (finished_ && !fin_sent_));
  }
  // Everything, the end included, has arrived.
  [[nodiscard]] bool arrived() const { return fin_sent_ && acknowledged_ == end_; }
  [[nodiscard]] std::size_t unacknowledged() const {
    return given_up_ ? 0 : static_cast<std::size_t>(end_ - acknowledged_);
  }

 private:
  using Chunks = std::list<std::string>;  // nodes do not move

  Chunks chunks_;
  Chunks::iterator next_ = chunks_.end();  // holds the first byte not sent
  std::size_t next_start_ = 0;             // where in it
  std::size_t front_acknowledged_ = 0;     // bytes of the first chunk
  std::uint64_t acknowledged_ = 0;         // offsets in the stream
  std::uint64_t sent_ = 0;
  std::uint64_t end_ = 0;
  bool finished_ = false;
  bool fin_sent_ = false;
  bool given_up_ = false;
};

}  // namespace macula::dht::quic
