#include "dht/quic/node/status_pages.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "dht/quic/node/log.h"
#include "dht/quic/node/process_metrics.h"

namespace macula::dht::quic {
namespace {

// One metric a call, with its help and its type.
class Families {
 public:
  void gauge(std::string_view name, std::string_view help, std::uint64_t value) {
    add(name, help, value);
  }
  void counter(std::string_view name, std::string_view help, std::uint64_t value) {
    add(name, help, value);
  }
  void add(std::vector<prometheus::MetricFamily> more) {
    std::move(more.begin(), more.end(), std::back_inserter(all_));
  }
  [[nodiscard]] std::string text() const {
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, all_);
    return out.str();
  }

 private:
  void add(std::string_view name, std::string_view help, std::uint64_t value) {
    all_.push_back(single_metric("macula_" + std::string(name), std::string(help),
                                 static_cast<double>(value)));
  }

  std::vector<prometheus::MetricFamily> all_;
};

std::uint64_t whole_seconds(Duration duration) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

void add_node(Families& to, const Node& node, bool healthy) {
  const Health health = node.health();
  to.gauge("healthy", "1 while the node is part of a network and reaches others, or is its first",
           healthy ? 1 : 0);
  to.gauge("contacts", "Contacts in the routing table", health.contacts);
  to.gauge("keys", "Keys of records held", health.keys);
  to.gauge("records_bytes", "Memory of records held, as their limit counts it",
           node.records().bytes());
  to.gauge("pending", "Operations and requests not yet ended", health.pending);
  to.counter("records_refused_total", "Values that a limit of the store refused",
             node.records().refused());
  to.counter("records_forged_total", "Records whose signature is not their owner's",
             node.storage().counts().forged);
  to.counter("records_refused_by_others_total", "Records of this node that others do not hold",
             node.storage().counts().refusals);
  to.counter("unhandled_messages_total", "Messages that concern no part of this node",
             node.unhandled());
}

void add_host(Families& to, const QuicHost& host) {
  const QuicHost::Counters& counters = host.counters();
  to.counter("frames_received_total", "Frames received", counters.frames_in);
  to.counter("frames_sent_total", "Frames sent", counters.frames_out);
  to.counter("frames_refused_total", "Bad frames, payloads, or messages out of place",
             counters.refused_frames);
  to.counter("frames_late_total", "Frames that were not whole in time", counters.late_frames);
  to.counter("requests_refused_total",
             "Requests of others beyond a limit, or that this node does not answer",
             counters.refused_requests);
  to.counter("messages_refused_total", "Own messages, and streams of others, beyond a limit",
             counters.refused_full);
  to.gauge("requests_unanswered", "Requests of others not yet answered", host.unanswered());
  to.gauge("unfinished_bytes", "Bytes held of frames that are not whole", host.unfinished_bytes());
  to.gauge("queued_bytes", "Bytes sent, or to be sent, and not acknowledged",
           host.engine().queued());
  to.gauge("connection_bytes", "Bytes of memory that connections hold below their streams",
           host.engine().memory());
  to.counter("private_dials_withheld_total",
             "Dials of private addresses that others named to this public node",
             counters.private_withheld);
  to.counter("identities_refused_total", "Peers that were not who they should be",
             counters.refused_identity);
  to.counter("dials_total", "Connections dialled", counters.dials);
  to.counter("evicted_total", "Connections given up for others", counters.evicted);
  to.counter("duplicates_total", "Second connections to one peer, closed", counters.duplicates);
  to.gauge("messages_pending", "Own requests and messages not yet ended", host.pending());
}

void add_engine(Families& to, const Engine& engine) {
  const Engine::Counters& counters = engine.counters();
  to.gauge("connections", "QUIC connections in any state", engine.connections());
  to.gauge("half_open", "Inbound QUIC connections whose handshake is not done", engine.half_open());
  to.counter("handshakes_total", "QUIC handshakes completed", counters.handshakes);
  to.counter("received_bytes_total", "Bytes of UDP datagrams received", counters.bytes_in);
  to.counter("sent_bytes_total", "Bytes of UDP datagrams sent", counters.bytes_out);
  to.counter("malformed_total", "Datagrams that are no QUIC, or for nobody", counters.malformed);
  to.counter("retries_sent_total", "Retry packets sent", counters.retries_sent);
  to.counter("resets_sent_total", "Stateless resets sent", counters.resets_sent);
  to.counter("initials_withheld_total",
             "Datagrams not sent to endpoints that others named and that never answered",
             counters.initials_withheld);
  to.counter("refused_full_total", "New connections beyond a limit", counters.refused_full);
}

void add_socket(Families& to, const UdpSocket& socket) {
  const UdpSocket::Counters& counters = socket.counters();
  to.counter("datagrams_received_total", "UDP datagrams received", counters.received);
  to.counter("datagrams_sent_total", "UDP datagrams sent", counters.sent);
  to.counter("datagrams_dropped_total", "UDP datagrams that the system refused to send",
             counters.dropped);
}

}  // namespace

std::optional<HttpPage> StatusPages::at(std::string_view path, Time now) const {
  if (path == "/livez") return HttpPage{200, "application/json", "{\"status\":\"alive\"}\n"};
  if (path == "/readyz" || path == "/health") return ready(now);
  if (path == "/metrics") return metrics(now);
  return std::nullopt;
}

HttpPage StatusPages::ready(Time now) const {
  const Contact self = live_.self();
  const Health health = live_.node().health();
  const bool good = readiness_.ready();
  // Ordered: the status comes first, where people look.
  nlohmann::ordered_json body;
  body["status"] = state_name(readiness_.state());
  if (!good) body["reason"] = readiness_.reason();
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
  Families all;
  all.add({build_info()});
  all.gauge("uptime_seconds", "Seconds since the node was started", whole_seconds(now - started_));
  all.counter("log_lines_lost_total", "Lines of the log that could not be written",
              log_lines_lost());
  add_node(all, live_.node(), readiness_.ready());
  all.add(lookups_.collect());
  add_host(all, live_.host());
  add_engine(all, live_.host().engine());
  add_socket(all, live_.socket());
  all.add(process_metrics());
  return {200, "text/plain; version=0.0.4; charset=utf-8", all.text()};
}

}  // namespace macula::dht::quic
