// The memory that ngtcp2 takes for one connection, within limits: a peer that sends little may make
// it keep much, as a byte behind a hole on each of a thousand streams does.
//
//   ConnectionMemory memory(core.memory);   // outlives the connection
//   const ngtcp2_mem* functions = memory.functions();   // what a connection is made with
//
// Beyond its limit a connection gets no more, and ngtcp2 ends it (NGTCP2_ERR_NOMEM). The first
// 256 KiB are never refused for what others hold; of the rest nobody holds more than is left free
// for others (Choudhury and Hahne, "Dynamic Queue Length Thresholds", 1998, with the factor 1).
#pragma once

#include <ngtcp2/ngtcp2.h>

#include <cstddef>

namespace macula::dht::quic {

// The memory of all connections of an engine, in bytes.
struct MemoryBudget {
  std::size_t limit = 0;
  std::size_t used = 0;
};

class ConnectionMemory {
 public:
  static constexpr std::size_t kFirstMemory = std::size_t{256} << 10;
  static constexpr std::size_t kMostMemory = std::size_t{8} << 20;

  explicit ConnectionMemory(MemoryBudget& all);
  ~ConnectionMemory();  // everything was given back
  ConnectionMemory(const ConnectionMemory&) = delete;
  ConnectionMemory& operator=(const ConnectionMemory&) = delete;

  [[nodiscard]] const ngtcp2_mem* functions() const { return &functions_; }
  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  [[nodiscard]] void* take(std::size_t size);
  void give_back(void* place);
  [[nodiscard]] void* change(void* place, std::size_t size);
  [[nodiscard]] bool may_take(std::size_t size) const;

  MemoryBudget& all_;
  std::size_t used_ = 0;
  ngtcp2_mem functions_;
};

}  // namespace macula::dht::quic
