// A Macula node: the state machine that the simulator and `macula-node` both run.
//
//   Node node(host, book, protocol, {self, bootstrap}, application);
//   node.start();
//   node.find_value(key, {}, [](FindResult& result) { ... });
//   node.leave([&] { host.close(); });
//
// A life: made, started, perhaps ended in order by `leave`. Before its start and after its leave a
// node refuses operations: they end at once, as refused.
//
// A message's way: the host calls `on_request`; the sender enters the routing table; the message
// goes to the part it concerns (storage, router, served calls), which answers through the host. A
// reply comes back to `on_reply` with the token of its request, which names the part that waits for
// it. Done functions are called exactly once, possibly before the operation's call returns, unless
// the operation is cancelled. They may begin operations and cancel them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/violation.h"
#include "dht/node/calls.h"
#include "dht/node/context.h"
#include "dht/node/join.h"
#include "dht/node/maintenance.h"
#include "dht/node/operation_id.h"
#include "dht/node/record_upkeep.h"
#include "dht/node/relays.h"
#include "dht/node/router.h"
#include "dht/node/search.h"
#include "dht/node/served_calls.h"
#include "dht/node/storage.h"
#include "dht/node/table_upkeep.h"
#include "dht/node/token.h"

namespace macula::dht {

struct NodeConfig {
  ContactRef self;
  // Nodes to join through that are known by their ids: of a former life, say. With neither these
  // nor `endpoints` it is the first node of a network.
  std::vector<ContactRef> bootstrap;
  RecordStore* records = nullptr;  // used in place of a store of its own
  const Signer* signer = nullptr;  // nothing: it signs nothing
  Verifier* verifier = nullptr;    // nothing: one of its own
  bool client = false;             // only asks: enters nobody's table (its host sees to that, too)
  // Where bootstrap nodes are configured: joined through whoever listens there, now and later
  // (dht/node/bootstraps.h).
  std::vector<Endpoint> endpoints{};
  // Its signed records are numbered from here: more than in any former life, which others remember.
  std::uint64_t first_version = 0;
};

struct PingResult {
  bool answered = false;
  Failure failure = Failure::timeout;  // where not answered
  Duration elapsed{0};
};

struct Health {
  bool healthy = false;  // has joined its network
  std::size_t contacts = 0;
  std::size_t keys = 0;
  std::size_t pending = 0;
};

class Node final : public Guest {
 public:
  using PingDone = std::function<void(const PingResult&)>;

  // All references must outlive the node. `protocol` may be shared by many nodes.
  Node(Host& host, ContactBook& book, const Protocol& protocol, const NodeConfig& config,
       Application& application);
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // Joins the network, and begins with its chores. Once.
  void start();
  // The endpoints that are configured from now on: of names that were resolved anew, say. Those
  // that are new are asked at once.
  void set_endpoints(const std::vector<Endpoint>& endpoints) { join_.set_endpoints(endpoints); }
  // An orderly end: takes back what this node advertises, so that nobody calls it any more, and
  // begins nothing new. Values that it has stored stay. `done` is called exactly once, as soon as
  // all that is sent, at the latest after `patience`, perhaps before leave returns; then the host
  // may close. Operations under way go on meanwhile.
  void leave(Duration patience, std::function<void()> done);
  // Between start and leave.
  [[nodiscard]] bool running() const { return context_.life == Context::Life::running; }
  // Puts a contact into the table without having heard from it: for networks laid out by hand.
  void add_contact(ContactRef contact) { context_.table.observe(contact, context_.host.now()); }

  // Continues where an earlier node of the same identity ended: with its contacts and records.
  void take_over(const Node& former);

  void ping(ContactRef peer, Duration timeout, PingDone done);
  OperationId lookup(const NodeId& target, Searches::Done done);
  bool store_local(const Key& key, wire::SharedValue value);
  // Stores the value now, and again until it is withdrawn.
  OperationId store(const Key& key, wire::SharedValue value, StoreOptions options,
                    Storage::StoreDone done);
  OperationId store(const Key& key, wire::SharedValue value, Storage::StoreDone done) {
    return store(key, std::move(value), {}, std::move(done));
  }
  OperationId find_value(const Key& key, const FindOptions& options, Storage::FindDone done);
  // Stores this node's provider record under the procedure's key.
  OperationId advertise(const std::string& procedure, Storage::StoreDone done);
  // Takes back what this node stored under the key, or its provider record.
  OperationId withdraw(const Key& key, Storage::StoreDone done);
  OperationId withdraw(const std::string& procedure, Storage::StoreDone done);
  OperationId discover(const std::string& procedure, Storage::FindDone done);
  OperationId call(CallRequest request, Calls::Done done);
  // Ends an operation before its time: its done function is destroyed and never called, all that it
  // waits for at the host is cancelled, and answers that come later are ignored. A peer that was
  // slow to answer is doubted, as at any end. The operation's effects stay: records that a store
  // has put into the own store are published again until they are withdrawn. Nothing happens where
  // the operation has ended, or was never begun.
  void cancel(const OperationId& operation);
  void cast(ContactRef to, std::string procedure, wire::Bytes args);
  // Answers a call that the application was handed.
  void answer(CallHandle call, CallOutcome outcome) { served_.answer(call, std::move(outcome)); }
  // The proven id of the connection that a call came on, which is not answered yet.
  [[nodiscard]] const NodeId& caller(CallHandle call) const { return served_.caller(call); }

  void on_message(const Sender& from, wire::Message& message) override;
  void on_request(const Sender& from, InboundId request, wire::Message& message) override;
  void on_reply(Token token, wire::Message& message) override;
  void on_failure(Token token, Failure failure) override;
  void on_timer(Token token) override;
  void on_met(Token token, ContactRef contact) override;
  void on_given_up(InboundId request) override;
  void prefetch_request(ContactRef from, const wire::Message& message, int step) const override;
  void prefetch_reply(Token token, int step) const override;

  [[nodiscard]] Health health() const;
  [[nodiscard]] const RoutingTable& table() const { return context_.table; }
  [[nodiscard]] RoutingTable& table() { return context_.table; }
  [[nodiscard]] const RecordStore& records() const { return *context_.records; }
  [[nodiscard]] const Storage& storage() const { return storage_; }
  [[nodiscard]] const Searches& searches() const { return searches_; }
  [[nodiscard]] const Maintenance& maintenance() const { return maintenance_; }
  // nullptr: it does not publish its records again by regions.
  [[nodiscard]] const RegionWalker* regions() const { return record_upkeep_.regions(); }
  [[nodiscard]] ContactRef self() const { return context_.self; }
  // How many nodes there are, by its lookups; nothing where it makes no estimate, or not yet.
  [[nodiscard]] std::optional<std::uint64_t> estimated_size() const {
    return context_.size ? context_.size->nodes() : std::nullopt;
  }
  // Operations and requests not yet ended.
  [[nodiscard]] std::size_t pending() const;
  // Messages that concern no part of this node (pub/sub, replies without a request), or that this
  // node as a gateway did not pass on.
  [[nodiscard]] std::uint64_t unhandled() const { return unhandled_; }

  // All contacts that it has in hand but for those of its requests under way: their tokens, which
  // its host has, say those.
  void keep_contacts(ContactMarks& marks) const;
  static void keep_contact_of(Token token, ContactMarks& marks);

  // Whether it has set the timer of its chores: the one thing a node at rest waits for.
  [[nodiscard]] bool chores_wait() const { return maintenance_.waiting(); }

  // An invariant that one of its parts breaks.
  [[nodiscard]] Violation violation() const;

 private:
  struct PendingPing {
    std::uint64_t timestamp_ms;
    Time started;
    PingDone done;
  };

  void take_message(const Sender& from, wire::Message& message);
  // False where it will not be answered.
  bool answer_request(const Sender& from, InboundId request, wire::Message& message);
  void hear_from(ContactRef contact, HeardAs as) {
    if (contact == kNoContact) return;
    const auto heard = context_.table.observe(contact, context_.host.now(), as);
    if (heard == RoutingTable::Heard::settled) return;
    table_upkeep_.on_heard(contact, heard);
    if (heard == RoutingTable::Heard::contested || heard == RoutingTable::Heard::on_trial) return;
    record_upkeep_.on_newcomer(contact);
  }
  void note_failure(ContactRef contact, Failure failure);
  // A message for, or through, this node by way of a gateway; `request`: it awaits an answer.
  void on_relay(const Sender& from, std::unique_ptr<wire::Relay> relay,
                std::optional<InboundId> request);
  // The sender that the relay names, as far as it is to be believed.
  [[nodiscard]] Sender sender_of(const Sender& from, const wire::Relay& relay);
  void pass_on(const Sender& from, std::unique_ptr<wire::Relay> relay,
               std::optional<InboundId> request);
  [[nodiscard]] std::optional<ContactRef> contact_behind_this_gateway(const NodeId& id) const;
  void finish_ping(Token token, const wire::Pong* pong, Failure failure);

  // First what most messages need: a host of very many nodes loads it ahead.
  Context context_;
  Searches searches_;
  Storage storage_;
  ServedCalls served_;
  Router router_;
  Calls calls_;
  Join join_;
  Maintenance maintenance_;
  TableUpkeep table_upkeep_;
  RecordUpkeep record_upkeep_;
  Slots<PendingPing> pings_;
  Relays relays_;
  std::uint64_t unhandled_ = 0;
  RecordStore own_records_;
};

}  // namespace macula::dht
