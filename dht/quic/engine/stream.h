// One bidirectional stream, as this end keeps it, and a list that streams wait in.
//
// A stream waits in at most one list of its connection: for the peer to allow it, or for its turn
// to send.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "dht/quic/engine/engine.h"
#include "dht/quic/engine/send_queue.h"

namespace macula::dht::quic {

class StreamList;

struct Stream {
  Stream(StreamId id, bool local) : id(id), local(local) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  const StreamId id;
  const bool local;            // opened by this end
  bool opened = false;         // known to ngtcp2
  bool known_to_peer = false;  // the peer has acknowledged something of it, or opened it
  bool parked = false;         // its window is empty
  bool abandoned = false;
  bool reset = false;          // by this end
  bool broken = false;         // by the peer
  bool end_settled = false;    // its end has arrived, or never will
  bool silent = false;         // nothing more is told of it
  std::uint64_t code = 0;      // why this end gave it up
  std::size_t unconsumed = 0;  // bytes told and not yet credited to the peer
  SendQueue out;

  StreamList* list = nullptr;
  Stream* previous = nullptr;
  Stream* next = nullptr;
};

// First in, first out.
class StreamList {
 public:
  [[nodiscard]] Stream* front() const { return front_; }
  [[nodiscard]] bool empty() const { return front_ == nullptr; }

  void push_back(Stream& stream) {
    MACULA_CHECK(stream.list == nullptr);
    stream.list = this;
    stream.previous = back_;
    stream.next = nullptr;
    (back_ != nullptr ? back_->next : front_) = &stream;
    back_ = &stream;
  }
  static void remove(Stream& stream) {
    if (stream.list == nullptr) return;
    StreamList& list = *stream.list;
    (stream.previous != nullptr ? stream.previous->next : list.front_) = stream.next;
    (stream.next != nullptr ? stream.next->previous : list.back_) = stream.previous;
    stream.list = nullptr;
  }

 private:
  Stream* front_ = nullptr;
  Stream* back_ = nullptr;
};

}  // namespace macula::dht::quic
