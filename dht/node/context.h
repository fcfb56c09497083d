// The state that all parts of one node share: its host, its name, its table and its records; and
// the one way in which they speak to other nodes.
//
// A contact behind a gateway is not special to the parts: `request`, `send` and `reply` wrap what
// is meant for it in a `relay` message to its gateway, and the node unwraps what comes in
// (dht/node/node.cc).
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "dht/contact/contact_book.h"
#include "dht/node/size_estimate.h"
#include "dht/protocol.h"
#include "dht/record/record_store.h"
#include "dht/table/bucket_ages.h"
#include "dht/table/round_trip.h"
#include "dht/table/routing_table.h"
#include "dht/transport.h"

namespace macula::dht {

class Application;
class Maintenance;

struct Context {
  // The life of the node: it does operations while it is running.
  enum class Life : std::uint8_t { made, running, left };

  Context(Host& host, ContactBook& book, const Protocol& protocol, ContactRef self,
          Application& application, RecordStore* records)
      : host(host),
        book(book),
        protocol(protocol),
        self(self),
        table(book, book.id(self), table_rules(protocol), &host),
        application(application),
        records(records) {}

  Host& host;
  ContactBook& book;
  const Protocol& protocol;
  ContactRef self;
  RoutingTable table;
  RoundTrips round_trips{};  // asked by RoundTrips::key_of(book, peer)
  Application& application;
  RecordStore* records;  // its own, or the one that its owner handed in
  bool client = false;   // who passes its messages on does not tell its contact
  Life life = Life::made;
  Maintenance* maintenance = nullptr;
  BucketAges looked_up{};                // by this node's own lookups
  std::unique_ptr<SizeEstimate> size{};  // where the protocol wants one
  std::uint64_t operations = 0;          // numbered so far (dht/node/operation_id.h)

  [[nodiscard]] const NodeId& self_id() const { return book.id(self); }
  // The time as pings carry it, in milliseconds.
  [[nodiscard]] std::uint64_t now_ms() const;
  // Drawn from the ids that share exactly their first `bucket` bits with the own one; with
  // NodeId::kBits it is the own one.
  [[nodiscard]] NodeId random_id_in(int bucket);

  RequestId request(ContactRef to, wire::Message&& message, Duration timeout, Token token);
  void send(ContactRef to, wire::Message&& message);
  void reply(InboundId request, wire::Message&& message);
  // `request` came through a gateway, from `source`: its answer goes back the same way.
  void expect_relayed_reply(InboundId request, const NodeId& source);
  // It will not be answered.
  void forget_relayed_reply(InboundId request);

 private:
  struct RelayedRequest {
    InboundId request;
    NodeId source;
  };

  static TableRules table_rules(const Protocol& protocol) {
    return {protocol.bucket_size, protocol.evict, protocol.subnet_limit,
            std::min(protocol.questionable_after, EntryState::kLongestAge)};
  }
  [[nodiscard]] std::vector<RelayedRequest>::iterator relayed(InboundId request);
  [[nodiscard]] bool goes_through_gateway(ContactRef to) const;
  [[nodiscard]] ContactRef gateway_of(ContactRef to);
  [[nodiscard]] wire::Message wrap(const NodeId& to, wire::Message&& message) const;

  // Not yet answered. A part that answers later keeps the request in a list with a limit: so it is
  // here.
  std::vector<RelayedRequest> relayed_requests_{};
};

}  // namespace macula::dht
