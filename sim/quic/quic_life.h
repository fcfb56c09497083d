// One life of a node over QUIC: its host, and the recorder that stands between it and its guest.
//
//   QuicLife life(shared, number, config);
//   life.start(guest);
//   life.receive(remote, datagram);          // by the network, as all of these
//   life.advance();
//   life.flush(sink);
//   life.end();                              // a crash; what still calls it has no effect
//
// To the node this is its host: what it sends is recorded on its way to the QUIC host. To the QUIC
// host this is its guest: what arrives is recorded on its way to the node, and, where the node has
// an activation delay, handed over after it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "dht/quic/engine/random_source.h"
#include "dht/quic/host/quic_host.h"
#include "sim/engine/random.h"
#include "sim/engine/slab.h"
#include "sim/macula/net/network.h"
#include "sim/net/contact_index.h"
#include "sim/net/link.h"
#include "sim/quic/quic_exchanges.h"

namespace macula::sim {

// The common state of the lives of one network.
struct QuicCommons {
  dht::ContactBook* book;
  const Time* now;
  MaculaLog* log;
  const ContactIndex* contacts;
  const Links* links;
  QuicExchanges* exchanges;
};

// The state that a node keeps from life to life.
struct QuicSelf {
  NodeNumber number = kNoNode;
  dht::ContactRef contact{};
  Duration activation{0};
  KeyedDraws<transport::kDraws> draws;
  std::uint64_t bytes_sent = 0;
  // Runs `action` at `time` if this life still lasts.
  std::function<void(Time time, std::function<void()> action)> later;
  // There may be something to send, or another time to wake.
  std::function<void()> touched;
};

class QuicLife final : public dht::Host, private dht::Guest {
 public:
  QuicLife(const QuicCommons& commons, QuicSelf& self, const dht::quic::Credentials& credentials,
           const dht::quic::HostConfig& config, std::uint64_t seed);
  ~QuicLife();

  void start(dht::Guest& guest);
  void end();
  [[nodiscard]] bool ended() const { return host_ == nullptr; }

  void receive(const dht::Endpoint& remote, std::string_view datagram);
  void advance();
  [[nodiscard]] Time next_expiry() const;
  void flush(dht::quic::DatagramSink& sink);
  // Opens a connection.
  void meet(const dht::Endpoint& endpoint, Duration patience);

  // Requests the node waits for and timers it has set.
  [[nodiscard]] std::size_t pending() const { return asked_.size() + timers_.size(); }

  // ----- dht::Host -----
  [[nodiscard]] Time now() const override { return *commons_.now; }
  [[nodiscard]] std::uint64_t random(dht::Draw what) override {
    return self_->draws.next(static_cast<std::size_t>(what));
  }
  dht::TimerId set_timer(Duration delay, dht::Token token) override;
  void cancel_timer(dht::TimerId timer) override;
  void send(dht::ContactRef to, dht::wire::Message&& message) override;
  dht::RequestId request(dht::ContactRef to, dht::wire::Message&& message, Duration timeout,
                         dht::Token token) override;
  void cancel(dht::RequestId request) override;
  void reply(dht::InboundId request, dht::wire::Message&& message) override;
  void refuse(dht::InboundId request) override;
  void meet(const dht::Endpoint& endpoint, Duration patience, dht::Token token) override;
  [[nodiscard]] bool reached(dht::ContactRef contact) const override;

 private:
  // Bytes for connection ids, of this life alone.
  class Source final : public dht::quic::RandomSource {
   public:
    explicit Source(std::uint64_t seed) : stream_(seed, "quic") {}
    void fill(std::uint8_t* bytes, std::size_t count) override;

   private:
    RandomStream stream_;
  };

  // A request of the node. The QUIC host has its handle as the token.
  struct Asked {
    dht::Token token = 0;
    NodeNumber to = kNoNode;
    Time give_up{};
    dht::RequestId id{};
    Origin origin{};
    std::uint64_t hash = 0;  // of what was asked: QuicExchanges
  };
  struct Timer {
    dht::Token token = 0;
    dht::TimerId id{};
    std::uint64_t cause = 0;
  };
  using SharedMessage = std::shared_ptr<dht::wire::Message>;

  // ----- dht::Guest, of the QUIC host -----
  void on_message(const dht::Sender& from, dht::wire::Message& message) override;
  void on_request(const dht::Sender& from, dht::InboundId request,
                  dht::wire::Message& message) override;
  void on_reply(dht::Token token, dht::wire::Message& message) override;
  void on_failure(dht::Token token, dht::Failure failure) override;
  void on_timer(dht::Token token) override;
  void on_met(dht::Token token, dht::ContactRef contact) override;
  void on_given_up(dht::InboundId request) override;

  void ended(const Asked& asked) const {
    commons_.exchanges->give_up({self_->number, asked.to, asked.hash}, asked.origin);
  }
  // Now, or after a delay drawn from the node's activation.
  template <typename Act>
  void activate(Act act);
  void hand_over_reply(std::uint64_t handle, dht::wire::Message& message);
  void sent(const dht::wire::Message& message);
  // One leaves that asks, or is one-way.
  Origin begin(const QuicExchanges::Content& content, const dht::wire::Message& message);
  [[nodiscard]] QuicExchanges::Content content_of(NodeNumber from, NodeNumber to,
                                                  const dht::wire::Message& message) const;
  void take(EventKind kind, NodeNumber from, const dht::wire::Message& message);

  QuicCommons commons_;
  QuicSelf* self_;
  Source source_;
  std::unique_ptr<dht::quic::QuicHost> host_;
  dht::Guest* guest_ = nullptr;
  Slab<Asked> asked_;
  Slab<Timer> timers_;
};

}  // namespace macula::sim
