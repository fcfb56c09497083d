#include "dht/quic/node/status_pages.h"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

namespace macula::dht::quic {
namespace {

// One metric a call, with its help and its type.
class MetricsText {
 public:
  void gauge(std::string_view name, std::string_view help, std::uint64_t value) {
    add(name, help, "gauge", value);
  }
  void counter(std::string_view name, std::string_view help, std::uint64_t value) {
    add(name, help, "counter", value);
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void add(std::string_view name, std::string_view help, std::string_view type,
           std::uint64_t value) {
    fmt::format_to(std::back_inserter(text_),
                   "# HELP macula_{0} {1}\n# TYPE macula_{0} {2}\nmacula_{0} {3}\n", name, help,
                   type, value);
  }

  std::string text_;
};

std::uint64_t whole_seconds(Duration duration) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

void add_node(MetricsText& text, const Node& node, bool healthy) {
  const Health health = node.health();
  text.gauge("healthy", "1 once the node has joined its network", healthy ? 1 : 0);
  text.gauge("contacts", "Contacts in the routing table", health.contacts);
  text.gauge("keys", "Keys of records held", health.keys);
  text.gauge("pending", "Operations and requests not yet ended", health.pending);
  text.counter("records_refused_total", "Values that a limit of the store refused",
               node.records().refused());
  text.counter("records_forged_total", "Records whose signature is not their owner's",
               node.storage().counts().forged);
  text.counter("records_refused_by_others_total", "Records of this node that others do not hold",
               node.storage().counts().refusals);
  text.counter("unhandled_messages_total", "Messages that concern no part of this node",
               node.unhandled());
}

void add_host(MetricsText& text, const QuicHost& host) {
  const QuicHost::Counters& counters = host.counters();
  text.counter("frames_received_total", "Frames received", counters.frames_in);
  text.counter("frames_sent_total", "Frames sent", counters.frames_out);
  text.counter("frames_refused_total", "Bad frames, payloads, or messages out of place",
               counters.refused_frames);
  text.counter("identities_refused_total", "Peers that were not who they should be",
               counters.refused_identity);
  text.counter("dials_total", "Connections dialled", counters.dials);
  text.counter("evicted_total", "Connections given up for others", counters.evicted);
  text.counter("duplicates_total", "Second connections to one peer, closed", counters.duplicates);
  text.gauge("messages_pending", "Own requests and messages not yet ended", host.pending());
}

void add_engine(MetricsText& text, const Engine& engine) {
  const Engine::Counters& counters = engine.counters();
  text.gauge("connections", "QUIC connections in any state", engine.connections());
  text.gauge("half_open", "Inbound QUIC connections whose handshake is not done",
             engine.half_open());
  text.counter("handshakes_total", "QUIC handshakes completed", counters.handshakes);
  text.counter("bytes_received_total", "Bytes of UDP datagrams received", counters.bytes_in);
  text.counter("bytes_sent_total", "Bytes of UDP datagrams sent", counters.bytes_out);
  text.counter("malformed_total", "Datagrams that are no QUIC, or for nobody", counters.malformed);
  text.counter("retries_sent_total", "Retry packets sent", counters.retries_sent);
  text.counter("resets_sent_total", "Stateless resets sent", counters.resets_sent);
  text.counter("refused_full_total", "New connections beyond a limit", counters.refused_full);
}

void add_socket(MetricsText& text, const UdpSocket& socket) {
  const UdpSocket::Counters& counters = socket.counters();
  text.counter("datagrams_received_total", "UDP datagrams received", counters.received);
  text.counter("datagrams_sent_total", "UDP datagrams sent", counters.sent);
  text.counter("datagrams_dropped_total", "UDP datagrams that the system refused to send",
               counters.dropped);
}

}  // namespace

bool StatusPages::healthy() const {
  return founder_ || live_.node().health().healthy;
}

std::optional<HttpPage> StatusPages::at(std::string_view path, Time now) const {
  if (path == "/health") return health(now);
  if (path == "/metrics") return metrics(now);
  return std::nullopt;
}

HttpPage StatusPages::health(Time now) const {
  const Contact self = live_.self();
  const Health health = live_.node().health();
  const bool good = healthy();
  // Ordered: the status comes first, where people look.
  nlohmann::ordered_json body;
  body["status"] = good ? "healthy" : "joining";
  body["node_id"] = id_to_hex(self.id);
  body["endpoint"] = format_endpoint(self.endpoint);
  body["role"] = role_name(role_);
  body["contacts"] = health.contacts;
  body["keys"] = health.keys;
  body["connections"] = live_.host().engine().connections();
  body["uptime_s"] = whole_seconds(now - started_);
  constexpr unsigned kUnavailable = 503;
  return {good ? 200 : kUnavailable, "application/json", body.dump() + "\n"};
}

HttpPage StatusPages::metrics(Time now) const {
  MetricsText text;
  text.gauge("uptime_seconds", "Seconds since the node was started", whole_seconds(now - started_));
  add_node(text, live_.node(), healthy());
  add_host(text, live_.host());
  add_engine(text, live_.host().engine());
  add_socket(text, live_.socket());
  return {200, "text/plain; version=0.0.4; charset=utf-8", text.take()};
}

}  // namespace macula::dht::quic
