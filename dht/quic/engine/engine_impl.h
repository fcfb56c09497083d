// The inside of an Engine: its connections, and what answers datagrams that belong to none.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dht/quic/engine/address_validation.h"
#include "dht/quic/engine/connection.h"
#include "dht/quic/engine/engine_core.h"

namespace macula::dht::quic {

class Engine::Impl {
 public:
  Impl(const EngineConfig& config, const Credentials& credentials, RandomSource& random,
       EngineEvents& events);

  [[nodiscard]] std::optional<ConnectionId> dial(const dht::Endpoint& remote,
                                                 const std::optional<NodeId>& expected, Time now,
                                                 bool named_by_others);
  [[nodiscard]] Time dial_allowed_from(const dht::Endpoint& remote, Time now) {
    return core_.initials.allowed_from(remote, now);
  }
  void receive(const dht::Endpoint& remote, std::string_view datagram, Time now,
               const LocalAddress& local);
  void on_expiry(Time now);
  void flush(Time now, DatagramSink& sink);
  [[nodiscard]] bool has_written() const { return core_.written; }
  [[nodiscard]] Time next_expiry() const;

  [[nodiscard]] Connection* find(ConnectionId id) const;
  [[nodiscard]] Connection* find_open(ConnectionId id) const;
  [[nodiscard]] const Counters& counters() const { return core_.counters; }
  [[nodiscard]] std::size_t connections() const { return connections_.size(); }
  [[nodiscard]] std::size_t half_open() const { return core_.half_open.size(); }
  [[nodiscard]] std::size_t queued() const { return core_.queued; }
  [[nodiscard]] std::size_t memory() const { return core_.memory.used; }
  void check_invariants() const;

 private:
  // While one exists events are told; its end tells of connections that have ended.
  class Telling {
   public:
    Telling(Impl& impl, Time now);
    ~Telling();
    Telling(const Telling&) = delete;
    Telling& operator=(const Telling&) = delete;

   private:
    Impl& impl_;
  };

  struct Answer {
    dht::Endpoint remote;
    LocalAddress local;
    std::string datagram;
  };

  void see(Time now);
  [[nodiscard]] bool full() const;
  [[nodiscard]] ConnectionId next_id() { return ConnectionId{++last_id_}; }
  void route(const dht::Endpoint& remote, std::string_view datagram, Time now);
  void on_stranger(const dht::Endpoint& remote, std::string_view datagram, Time now);
  void on_initial(const dht::Endpoint& remote, std::string_view datagram, Time now);
  void reply(const dht::Endpoint& remote, std::string datagram, std::uint64_t& counter);

  EngineCore core_;
  AddressValidation validation_;
  std::uint64_t last_id_ = 0;
  std::size_t accepted_ = 0;  // of connections_
  Time now_ = kTimeZero;
  // Looked up, never walked.
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  LocalAddress local_{};         // where the datagram that is being received was sent to
  std::vector<Answer> replies_;  // of no connection
};

}  // namespace macula::dht::quic
