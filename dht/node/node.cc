#include "dht/node/node.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "dht/node/placements.h"
#include "dht/node/token.h"
#include "dht/record/provider.h"

namespace macula::dht {

Node::Node(Host& host, ContactBook& book, const Protocol& protocol, const NodeConfig& config,
           Application& application)
    : context_(host, book, protocol, config.self, application,
               config.records != nullptr ? config.records : &own_records_),
      searches_(context_),
      storage_(context_, searches_, config.signer, config.verifier),
      served_(context_),
      router_(context_, served_),
      calls_(context_, searches_, storage_, router_, served_),
      join_(context_, searches_, config.bootstrap, config.endpoints),
      maintenance_(context_),
      table_upkeep_(context_, searches_, maintenance_, join_.contacts()),
      record_upkeep_(context_, searches_, storage_, maintenance_),
      relays_(context_),
      own_records_({protocol.store_keys, RecordStore::kMostOrigins,
                    static_cast<std::size_t>(protocol.store_bytes),
                    static_cast<std::size_t>(protocol.record_bytes), protocol.origin_share_ppm,
                    book.id(config.self)}) {
  context_.client = config.client;
  context_.maintenance = &maintenance_;
  if (protocol.estimate_size) {
    context_.size = std::make_unique<SizeEstimate>(protocol.size_lookups);
  }
  storage_.publications().saw_sequence(config.first_version);
}

// ----- operations -----

void Node::start() {
  MACULA_CHECK(context_.life == Context::Life::made);
  context_.life = Context::Life::running;
  join_.start();
  table_upkeep_.start();
}

void Node::leave(Duration patience, std::function<void()> done) {
  if (!running()) {
    done();
    return;
  }
  context_.life = Context::Life::left;
  join_.stop();
  maintenance_.stop();
  if (storage_.places()) storage_.placements().stop();
  storage_.withdraw_providers(patience, std::move(done));
}

void Node::take_over(const Node& former) {
  const Time now = context_.host.now();
  for (const ContactRef contact : former.table().entries()) add_contact(contact);
  for (const ContactRef contact : former.table().dead().contacts()) {
    context_.table.dead().bury_lasting(contact, now);
  }
  own_records_ = former.own_records_;
  storage_.take_over(former.storage_);
  // How long it was down it does not know: its own records may be about to end.
  if (context_.records->size() > 0) record_upkeep_.on_stored(false);
  if (storage_.publications().size() > 0) record_upkeep_.on_stored(true);
}

void Node::ping(ContactRef peer, Duration timeout, PingDone done) {
  if (!running()) {
    done({false, Failure::refused, Duration{0}});
    return;
  }
  const std::uint64_t timestamp = context_.now_ms();
  const std::size_t slot = pings_.add({timestamp, context_.host.now(), std::move(done)});
  context_.request(peer, wire::Ping{timestamp}, timeout, make_token(Concern::ping, slot, peer));
}

OperationId Node::lookup(const NodeId& target, Searches::Done done) {
  if (!running()) {
    SearchResult nothing;
    done(nothing);
    return {};
  }
  return searches_.start({target, Searches::Kind::find_node, context_.protocol.deadline, {}},
                         std::move(done));
}

bool Node::store_local(const Key& key, wire::SharedValue value) {
  return storage_.store_local(key, std::move(value));
}

OperationId Node::store(const Key& key, wire::SharedValue value, StoreOptions options,
                        Storage::StoreDone done) {
  if (!running()) {
    StoreResult nothing;
    done(nothing);
    return {};
  }
  return storage_.store(key, std::move(value), options, std::move(done));
}

OperationId Node::withdraw(const Key& key, Storage::StoreDone done) {
  if (!running()) {
    StoreResult nothing;
    done(nothing);
    return {};
  }
  return storage_.withdraw(key, false, std::move(done));
}

OperationId Node::withdraw(const std::string& procedure, Storage::StoreDone done) {
  if (!running()) {
    StoreResult nothing;
    done(nothing);
    return {};
  }
  return storage_.withdraw(service_key(procedure), true, std::move(done));
}

OperationId Node::find_value(const Key& key, const FindOptions& options, Storage::FindDone done) {
  if (!running()) {
    FindResult nothing;
    done(nothing);
    return {};
  }
  return storage_.find(key, options, std::move(done));
}

OperationId Node::advertise(const std::string& procedure, Storage::StoreDone done) {
  if (!running()) {
    StoreResult nothing;
    done(nothing);
    return {};
  }
  return storage_.advertise(service_key(procedure), std::move(done));
}

OperationId Node::discover(const std::string& procedure, Storage::FindDone done) {
  if (!running()) {
    FindResult nothing;
    done(nothing);
    return {};
  }
  FindOptions options;
  options.beyond_own = context_.protocol.discover_beyond_own;
  options.expects_signed = context_.protocol.sign_providers;
  return storage_.find(service_key(procedure), options, std::move(done));
}

OperationId Node::call(CallRequest request, Calls::Done done) {
  if (!running()) {
    CallResult refused{wire::CallError{"refused", "this node has not started, or has left"}};
    done(refused);
    return {};
  }
  return calls_.start(std::move(request), std::move(done));
}

void Node::cancel(const OperationId& operation) {
  if (operation.concern == Concern::call) {
    calls_.cancel(operation);
  } else {
    searches_.cancel(operation);
  }
}

void Node::cast(ContactRef to, std::string procedure, wire::Bytes args) {
  context_.send(to, wire::Cast{std::move(procedure), std::move(args)});
}

// ----- what the host tells -----

void Node::on_message(const Sender& from, wire::Message& message) {
  if (auto* relay = std::get_if<std::unique_ptr<wire::Relay>>(&message)) {
    on_relay(from, std::move(*relay), std::nullopt);
    return;
  }
  hear_from(from.contact, HeardAs::spoke);
  take_message(from, message);
}

void Node::take_message(const Sender& from, wire::Message& message) {
  if (auto* store = std::get_if<wire::Store>(&message)) {
    storage_.on_store(from, *store);
  } else if (auto* refused = std::get_if<wire::StoreRefused>(&message)) {
    storage_.on_refused(*refused);
  } else if (auto* copy = std::get_if<wire::LeaveCopy>(&message)) {
    storage_.on_copy(from, *copy);
  } else if (auto* cast = std::get_if<wire::Cast>(&message)) {
    context_.application.on_cast(cast->procedure, cast->args);
  } else {
    ++unhandled_;
  }
}

void Node::on_request(const Sender& from, InboundId request, wire::Message& message) {
  if (auto* relay = std::get_if<std::unique_ptr<wire::Relay>>(&message)) {
    on_relay(from, std::move(*relay), request);
    return;
  }
  hear_from(from.contact, HeardAs::spoke);
  if (!answer_request(from, request, message)) context_.host.refuse(request);
}

bool Node::answer_request(const Sender& from, InboundId request, wire::Message& message) {
  if (auto* find_node = std::get_if<wire::FindNode>(&message)) {
    context_.reply(request, storage_.answer(*find_node, from));
  } else if (auto* find_value = std::get_if<wire::FindValue>(&message)) {
    context_.reply(request, storage_.answer(*find_value, from));
  } else if (auto* ping = std::get_if<wire::Ping>(&message)) {
    context_.reply(request, wire::Pong{ping->timestamp, context_.now_ms()});
  } else if (auto* call = std::get_if<wire::Call>(&message)) {
    served_.serve(from.id(context_.book), request, *call, nullptr);
  } else if (auto* route = std::get_if<wire::RpcRoute>(&message)) {
    return router_.on_request(from.id(context_.book), request, *route);
  } else {
    ++unhandled_;
    return false;
  }
  return true;
}

void Node::on_reply(Token token, wire::Message& message) {
  if (token_concern(token) == Concern::relay) {
    relays_.on_reply(token, message);
    return;
  }
  wire::Message unwrapped;
  if (auto* relay = std::get_if<std::unique_ptr<wire::Relay>>(&message)) {
    unwrapped = std::move((*relay)->payload);
  }
  wire::Message& answer =
      std::holds_alternative<std::unique_ptr<wire::Relay>>(message) ? unwrapped : message;
  hear_from(token_contact(token), HeardAs::answered);
  switch (token_concern(token)) {
    case Concern::search:
      searches_.on_reply(token, answer);
      break;
    case Concern::ping:
      finish_ping(token, std::get_if<wire::Pong>(&answer), Failure::refused);
      break;
    case Concern::call:
      calls_.on_reply(token, answer);
      break;
    case Concern::call_ping:
      calls_.on_pong(token);
      break;
    case Concern::route:
      router_.on_reply(token, answer);
      break;
    case Concern::probe:
      table_upkeep_.on_pinged(token_contact(token));
      break;
    case Concern::placement:
    case Concern::rival:
      storage_.on_answer(token, &answer);
      break;
    default:
      MACULA_CHECK(false);
  }
}

void Node::on_failure(Token token, Failure failure) {
  switch (token_concern(token)) {
    case Concern::search:
      note_failure(token_contact(token), failure);
      searches_.on_failure(token, failure);
      break;
    case Concern::probe:
      note_failure(token_contact(token), failure);
      table_upkeep_.on_pinged(token_contact(token));
      break;
    case Concern::placement:
    case Concern::rival:
      note_failure(token_contact(token), failure);
      storage_.on_answer(token, nullptr);
      break;
    case Concern::ping:
      note_failure(token_contact(token), failure);
      finish_ping(token, nullptr, failure);
      break;
    case Concern::call:
      calls_.on_failure(token, failure);
      break;
    case Concern::call_ping:
      calls_.on_ping_failure(token);
      break;
    case Concern::route:
      router_.on_failure(token, failure);
      break;
    case Concern::relay:
      relays_.on_failure(token);
      break;
    default:
      MACULA_CHECK(false);
  }
}

// A node that refuses lives, and calls may take longer than their callers wait.
void Node::note_failure(ContactRef contact, Failure failure) {
  if (failure != Failure::timeout && failure != Failure::unreachable) return;
  const auto failed = context_.table.fail(contact, context_.host.now());
  table_upkeep_.on_failed(contact, failed);
  join_.on_failed(contact, failed != RoutingTable::Failed::stays);
  if (context_.table.size() == 0 && storage_.places()) storage_.placements().lost_all();
}

void Node::on_timer(Token token) {
  switch (token_concern(token)) {
    case Concern::search_timer:
      searches_.on_timer(token);
      break;
    case Concern::call_timer:
      calls_.on_timer(token);
      break;
    case Concern::join_retry:
      join_.on_retry();
      break;
    case Concern::placement_timer:
      storage_.placements().on_timer();
      break;
    case Concern::maintenance:
      maintenance_.on_timer();
      break;
    default:
      MACULA_CHECK(false);
  }
}

void Node::on_met(Token token, ContactRef contact) {
  join_.on_met(token, contact);
}

void Node::on_given_up(InboundId request) {
  context_.forget_relayed_reply(request);
  router_.on_given_up(request);
  relays_.on_given_up(request);
}

void Node::finish_ping(Token token, const wire::Pong* pong, Failure failure) {
  PendingPing ping = pings_.take(token_slot(token));
  PingResult result;
  result.answered = pong != nullptr && pong->timestamp == ping.timestamp_ms;
  result.failure = failure;
  result.elapsed = context_.host.now() - ping.started;
  ping.done(result);
}

// ----- hints -----

// The data of a node's lookups are in use, and near, while they last; its table need not be.
void Node::prefetch_request(ContactRef from, const wire::Message& message, int step) const {
  if (step == 0) {
    context_.table.prefetch();
    return;
  }
  if (from != kNoContact) context_.table.prefetch_bucket_of(from);
  if (const auto* find_node = std::get_if<wire::FindNode>(&message)) {
    context_.table.prefetch_closest(find_node->target);
  } else if (const auto* find_value = std::get_if<wire::FindValue>(&message)) {
    context_.table.prefetch_closest(find_value->key);
  }
}

void Node::prefetch_reply(Token token, int step) const {
  if (step == 0) {
    context_.table.prefetch();
  } else {
    context_.table.prefetch_bucket_of(token_contact(token));
    context_.round_trips.prefetch();
  }
}

// ----- what it looks like from outside -----

Health Node::health() const {
  return {join_.state() == Join::State::joined, context_.table.size(), context_.records->size(),
          pending()};
}

std::size_t Node::pending() const {
  return searches_.size() + served_.size() + router_.size() + calls_.size() + pings_.size() +
         relays_.size() + table_upkeep_.size() + storage_.placing();
}

Violation Node::violation() const {
  if (Violation wrong = context_.table.violation()) return wrong;
  if (Violation wrong = context_.records->violation()) return wrong;
  if (Violation wrong = storage_.copies().violation()) return wrong;
  if (Violation wrong = searches_.violation()) return wrong;
  return maintenance_.violation();
}

}  // namespace macula::dht
