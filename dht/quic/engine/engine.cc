#include "dht/quic/engine/engine.h"

#include <array>
#include <utility>

#include "base/check.h"
#include "dht/quic/engine/credentials.h"
#include "dht/quic/engine/engine_impl.h"
#include "dht/quic/engine/random_source.h"

namespace macula::dht::quic {

namespace {

constexpr std::size_t kSecretBytes = 32;

EngineConfig complete(EngineConfig config, RandomSource& random) {
  if (config.static_secret.empty()) {
    std::array<std::uint8_t, kSecretBytes> secret;
    random.fill(secret.data(), secret.size());
    config.static_secret = std::string(text_of(secret.data(), secret.size()));
  }
  MACULA_CHECK(config.static_secret.size() == kSecretBytes);
  return config;
}

}  // namespace

EngineCore::EngineCore(const EngineConfig& config_of, const Credentials& credentials_of,
                       RandomSource& random_of, EngineEvents& events_of)
    : config(complete(config_of, random_of)),
      credentials(credentials_of),
      random(random_of),
      events(events_of),
      table(random_of),
      resets(config.static_secret, random_of),
      initials(config.initials_unanswered, config.all_initials_unanswered, config.initials_window),
      memory{config.max_memory, 0} {}

// ----- Engine::Impl: connections -----

Engine::Impl::Impl(const EngineConfig& config, const Credentials& credentials, RandomSource& random,
                   EngineEvents& events)
    : core_(config, credentials, random, events), validation_(core_.config.static_secret, random) {}

Connection* Engine::Impl::find(ConnectionId id) const {
  const auto found = connections_.find(static_cast<std::uint64_t>(id));
  return found == connections_.end() ? nullptr : found->second.get();
}

Connection* Engine::Impl::find_open(ConnectionId id) const {
  Connection* connection = find(id);
  return connection == nullptr || connection->ended() ? nullptr : connection;
}

std::optional<ConnectionId> Engine::Impl::dial(const dht::Endpoint& remote,
                                               const std::optional<NodeId>& expected, Time now,
                                               bool named_by_others) {
  see(now);
  if (connections_.size() >= core_.config.max_connections) {
    ++core_.counters.refused_full;
    return std::nullopt;
  }
  if (named_by_others && dial_allowed_from(remote, now) > now) {
    ++core_.counters.initials_withheld;
    return std::nullopt;
  }
  const ConnectionId id = next_id();
  connections_.emplace(static_cast<std::uint64_t>(id),
                       Connection::dial(core_, id, remote, expected, now, named_by_others));
  return id;
}

// A quarter is kept for what this end dials.
bool Engine::Impl::full() const {
  const std::size_t most = core_.config.max_connections;
  return connections_.size() >= most || accepted_ >= most - most / 4;
}

void Engine::Impl::see(Time now) {
  MACULA_CHECK(now >= now_);
  now_ = now;
}

void Engine::Impl::flush(Time now, DatagramSink& sink) {
  MACULA_CHECK(!core_.telling);
  see(now);
  core_.written = false;
  for (const Answer& answer : replies_) {
    core_.send(sink, answer.local, answer.remote, answer.datagram);
  }
  replies_.clear();
  // Grows while it is walked: a connection that ends asks for another visit.
  std::size_t next = 0;
  while (next < core_.dirty.size()) {
    Connection& connection = *core_.dirty[next++];
    connection.flush(now, sink);
    if (!connection.gone()) continue;
    if (!connection.dialled()) --accepted_;
    connections_.erase(static_cast<std::uint64_t>(connection.id()));
  }
  core_.dirty.clear();
}

Time Engine::Impl::next_expiry() const {
  return core_.ended.empty() ? core_.timers.first() : now_;
}

void Engine::Impl::on_expiry(Time now) {
  const Telling telling(*this, now);
  while (core_.timers.first() <= now) core_.timers.front().connection->on_expiry(now);
}

Engine::Impl::Telling::Telling(Impl& impl, Time now) : impl_(impl) {
  MACULA_CHECK(!impl.core_.telling);
  impl.see(now);
  impl.core_.telling = true;
}

// Handlers may end more connections.
Engine::Impl::Telling::~Telling() {
  auto& ended = impl_.core_.ended;
  std::size_t next = 0;
  while (next < ended.size()) {
    const auto [id, closed] = std::move(ended[next++]);
    impl_.core_.events.on_closed(id, closed);
  }
  ended.clear();
  impl_.core_.telling = false;
}

void Engine::Impl::check_invariants() const {
  core_.timers.check_invariants();
  MACULA_CHECK(core_.timers.timers().size() == connections_.size());
  for (const ExpiryTimer* timer : core_.timers.timers()) {
    MACULA_CHECK(find(timer->connection->id()) == timer->connection);
    timer->connection->check_invariants();
  }
  MACULA_CHECK(core_.half_open.size() <= accepted_ && accepted_ <= connections_.size());
  MACULA_CHECK(!connections_.empty() || (core_.table.ids() == 0 && core_.table.tokens() == 0));
}

// ----- Engine -----

Engine::Engine(const EngineConfig& config, const Credentials& credentials, RandomSource& random,
               EngineEvents& events)
    : impl_(std::make_unique<Impl>(config, credentials, random, events)) {}
Engine::~Engine() = default;

std::optional<ConnectionId> Engine::dial(const dht::Endpoint& remote,
                                         const std::optional<NodeId>& expected, Time now,
                                         bool named_by_others) {
  return impl_->dial(remote, expected, now, named_by_others);
}

Time Engine::dial_allowed_from(const dht::Endpoint& remote, Time now) {
  return impl_->dial_allowed_from(remote, now);
}

std::optional<StreamId> Engine::open_stream(ConnectionId connection) {
  Connection* found = impl_->find_open(connection);
  if (found == nullptr) return std::nullopt;
  return found->open_stream();
}

void Engine::write(ConnectionId connection, StreamId stream, std::string bytes, bool fin) {
  if (Connection* found = impl_->find_open(connection)) found->write(stream, std::move(bytes), fin);
}

void Engine::consume(ConnectionId connection, StreamId stream, std::size_t bytes) {
  if (Connection* found = impl_->find_open(connection)) found->consume(stream, bytes);
}

void Engine::abandon(ConnectionId connection, StreamId stream, std::uint64_t code) {
  if (Connection* found = impl_->find_open(connection)) found->abandon(stream, code);
}

void Engine::close(ConnectionId connection, std::uint64_t code, std::string_view reason) {
  if (Connection* found = impl_->find_open(connection)) found->close(code, reason);
}

bool Engine::quiet(ConnectionId connection) const {
  const Connection* found = impl_->find(connection);
  return found == nullptr || found->quiet();
}

std::size_t Engine::memory() const {
  return impl_->memory();
}

std::size_t Engine::queued() const {
  return impl_->queued();
}

std::size_t Engine::queued(ConnectionId connection) const {
  const Connection* found = impl_->find(connection);
  return found == nullptr ? 0 : found->queued();
}

bool Engine::delivered(ConnectionId connection, StreamId stream) const {
  const Connection* found = impl_->find(connection);
  return found != nullptr && found->delivered(stream);
}

std::size_t Engine::streams(ConnectionId connection) const {
  const Connection* found = impl_->find(connection);
  return found == nullptr ? 0 : found->streams();
}

std::optional<Duration> Engine::round_trip(ConnectionId connection) const {
  const Connection* found = impl_->find(connection);
  if (found == nullptr) return std::nullopt;
  return found->round_trip();
}

void Engine::receive(const dht::Endpoint& remote, std::string_view datagram, Time now,
                     const LocalAddress& local) {
  impl_->receive(remote, datagram, now, local);
}

Time Engine::next_expiry() const {
  return impl_->next_expiry();
}

void Engine::on_expiry(Time now) {
  impl_->on_expiry(now);
}

void Engine::flush(Time now, DatagramSink& sink) {
  impl_->flush(now, sink);
}

bool Engine::has_written() const {
  return impl_->has_written();
}

const Engine::Counters& Engine::counters() const {
  return impl_->counters();
}

std::size_t Engine::connections() const {
  return impl_->connections();
}

std::size_t Engine::half_open() const {
  return impl_->half_open();
}

void Engine::check_invariants() const {
  impl_->check_invariants();
}

}  // namespace macula::dht::quic
