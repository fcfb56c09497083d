#include "sim/run/world.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/hash.h"
#include "base/text/units.h"
#include "sim/run/node_key.h"
#include "sim/run/procedures.h"
#include "sim/run/replay.h"

namespace macula::sim {
namespace {

NetworkOptions network_options(const Scenario& scenario, std::uint64_t seed) {
  NetworkOptions options;
  options.seed = seed;
  options.warm_connections = scenario.connections == Connections::warm;
  options.encoded = scenario.wire == WireMode::encoded;
  options.random_chunks = scenario.chunks == Chunks::random;
  options.shuffled_ties = scenario.ties == Ties::shuffled;
  options.unbound = scenario.identity == Identity::unbound;
  options.max_events = scenario.max_events;
  if (!scenario.fates.empty()) options.fates.salt = hash_bytes(scenario.fates);
  if (scenario.fates_after) {
    options.fates.until = kTimeZero + scenario.fates_after->t;
    options.fates.later = hash_bytes(scenario.fates_after->salt);
  }
  return options;
}

// Nodes without an address of their own get one each in a public /24 of its own, also those of a
// group that are left out.
dht::Endpoint default_endpoint(std::uint32_t number) {
  constexpr std::uint32_t kFirst = 0x0b000001;  // 11.0.0.1
  return dht::make_ipv4(kFirst + (number << 8), 9443);
}

}  // namespace

World::World(const Scenario& scenario, std::uint64_t seed, const WorldKind& kind)
    : scenario_(&scenario),
      seed_(seed),
      kind_(kind.name),
      tolerance_(kind.tolerance),
      network_(kind.make_network(book_, scenario.links, network_options(scenario, seed))) {
  standing_ = true;
  add_members();
  set_contacts();
  schedule_starts();
}

World::~World() {
  standing_ = false;
}

// ----- who there is -----

void World::add_members() {
  std::uint32_t address = 0;
  for (const Population& population : scenario_->populations) {
    first_of_population_.push_back(static_cast<NodeNumber>(members_.size()));
    if (!population.group) {
      add_member(population, population.name, address++);
      continue;
    }
    for (std::uint32_t i = 0; i < population.group->count; ++i) {
      if (!population.group->place_of(i)) continue;
      add_member(population, population.name + '#' + std::to_string(i), address + i);
    }
    address += population.group->count;
  }
  first_of_population_.push_back(static_cast<NodeNumber>(members_.size()));
}

void World::add_member(const Population& population, const std::string& name,
                       std::uint32_t address) {
  auto member = std::make_unique<Member>();
  member->world = this;
  member->number = static_cast<NodeNumber>(members_.size());
  member->name = name;
  member->name_hash = draw(hash_bytes(name));
  member->address = address;
  member->population = &population;
  member->protocol = protocol_of(population);
  members_.push_back(std::move(member));
}

// Where all nodes are given one store, each is told that its store is all there is.
const dht::Protocol* World::protocol_of(const Population& population) {
  const dht::Protocol* stated = stated_protocol_of(population);
  if (scenario_->storage != Storage::shared) return stated;
  const auto copied = protocols_.try_emplace(stated, *stated).first;
  copied->second.placement = dht::Placement::own;
  return &copied->second;
}

const dht::Protocol* World::stated_protocol_of(const Population& population) const {
  if (population.profile && *population.profile != scenario_->profile) {
    for (const auto& [name, protocol] : scenario_->other_profiles) {
      if (name == *population.profile) return &protocol;
    }
    MACULA_CHECK(false);
  }
  return &scenario_->protocol;
}

// What key and id follow from.
std::string World::subject_of(const Member& member) const {
  std::string subject = member.name;
  if (member.identity > 0) subject += '+' + std::to_string(member.identity);
  if (member.population->ids == Ids::seeded) subject += '/' + std::to_string(seed_);
  return subject;
}

dht::NodeId World::id_of(const Member& member) const {
  const std::string subject = subject_of(member);
  const bool bound = scenario_->identity == Identity::bound;
  return bound ? NodeKey::derive(subject).id() : dht::hash_id(subject);
}

dht::Endpoint World::endpoint_of(const Member& member) {
  return member.population->endpoint.value_or(default_endpoint(member.address));
}

// A node behind a gateway is reached at the gateway's endpoint; so endpoints first, contacts
// second.
void World::set_contacts() {
  std::vector<dht::NodeId> ids;
  for (const auto& member : members_) ids.push_back(id_of(*member));
  std::vector<dht::ContactRef> contacts;
  contacts.reserve(members_.size());
  book_.reserve(members_.size());
  for (const auto& member : members_) {
    const Population& population = *member->population;
    dht::Contact contact{ids[member->number], population.announce.value_or(endpoint_of(*member)),
                         std::nullopt};
    if (scenario_->reach == Reach::relay && !population.relay.empty()) {
      const NodeNumber gateway = find(population.relay);
      contact.endpoint = endpoint_of(*members_[gateway]);
      contact.relay = ids[gateway];
    }
    const auto ref = book_.intern(contact);
    MACULA_CHECK(ref.has_value());
    member->contact = *ref;
    const bool client = population.mode == Mode::client;
    contacts.push_back(client ? dht::kNoContact : *ref);
    network_->add_node({member->name, *ref, population.region, population.link,
                        population.activation, endpoint_of(*member),
                        NodeKey::derive(subject_of(*member)).seed(), client});
  }
  directory_ = std::make_unique<Directory>(book_, contacts);
}

std::size_t World::population_of(std::string_view name) const {
  const auto& populations = scenario_->populations;
  const auto found =
      std::find_if(populations.begin(), populations.end(),
                   [&](const Population& population) { return population.name == name; });
  MACULA_CHECK(found != populations.end());
  return static_cast<std::size_t>(found - populations.begin());
}

NodeNumber World::numbered(std::string_view group, std::uint32_t number) const {
  const std::size_t population = population_of(group);
  const auto place = scenario_->populations[population].group->place_of(number);
  MACULA_CHECK(place.has_value());
  return first_of_population_[population] + *place;
}

NodeNumber World::find(std::string_view name) const {
  const auto hash = name.find('#');
  if (hash == std::string_view::npos) return first_of_population_[population_of(name)];
  const auto number = std::stoul(std::string(name.substr(hash + 1)));
  return numbered(name.substr(0, hash), static_cast<std::uint32_t>(number));
}

// ----- life and death -----

Time World::starts_at(NodeNumber number) const {
  const Member& member = *members_[number];
  const auto& join = member.population->join;
  if (!join || scenario_->tables != Tables::joined) return kTimeZero;
  RandomStream random(seed_, member.name + "/join");
  return kTimeZero + join->at +
         Distribution::uniform(Duration{0}, join->spread).sample(random.next());
}

void World::schedule_starts() {
  for (const auto& member : members_) {
    network_->schedule(starts_at(member->number), [this, number = member->number] {
      if (!up(number) && !members_[number]->held_back) start(number, true);
    });
  }
}

// A bootstrap node is configured by its endpoint, as in production. One behind a gateway cannot be
// dialled there: it is known by its contact.
void World::set_bootstrap(dht::NodeConfig& config, NodeNumber via) const {
  const Member& member = *members_[via];
  if (book_.is_relayed(member.contact)) {
    config.bootstrap.push_back(member.contact);
  } else {
    config.endpoints.push_back(endpoint_of(member));
  }
}

void World::start(NodeNumber number, bool first) {
  Member& member = *members_[number];
  const Population& population = *member.population;
  dht::NodeConfig config{member.contact, {},         nullptr,
                         &member,        &verifier_, population.mode == Mode::client};
  if (scenario_->storage == Storage::shared) config.records = &shared_records_;
  const bool joins = population.join && (scenario_->tables == Tables::joined || !first);
  if (joins) set_bootstrap(config, find(population.join->via));
  member.node =
      std::make_unique<dht::Node>(network_->host(number), book_, *member.protocol, config, member);
  network_->start(number, *member.node);
  if (scenario_->reach == Reach::relay && !population.relay.empty()) {
    network_->connect(number, find(population.relay));
  }
  // What it was told to know it knows from the start of every life; what is ideal, of the first.
  for (const std::string& known : population.knows) {
    member.node->add_contact(members_[find(known)]->contact);
  }
  if (first && scenario_->tables == Tables::ideal && population.knows.empty()) {
    directory_->fill(member.node->table(), book_.id(member.contact), member.protocol->bucket_size,
                     hash_bytes(member.name + "/table", seed_), network_->now());
  }
  member.node->start();
}

void World::crash(NodeNumber node) {
  if (!up(node)) return;
  network_->crash(node);
  if (events_.crashed) events_.crashed(node);
}

void World::restart(NodeNumber number, bool keep_state) {
  crash(number);
  Member& member = *members_[number];
  const std::unique_ptr<dht::Node> former = std::move(member.node);
  if (!keep_state) member.procedures.clear();
  start(number, former == nullptr);
  if (keep_state && former != nullptr) member.node->take_over(*former);
}

void World::restart_as_another(NodeNumber number) {
  crash(number);
  Member& member = *members_[number];
  ++member.identity;
  dht::Contact contact = book_.contact(member.contact);
  contact.id = id_of(member);
  const auto ref = book_.intern(contact);
  if (ref && network_->set_contact(number, *ref)) {
    member.contact = *ref;
    if (member.population->mode == Mode::server) directory_->change(number, contact.id);
  }
  restart(number, false);
}

void World::serve(NodeNumber node, const std::string& procedure) {
  auto& procedures = members_[node]->procedures;
  if (std::find(procedures.begin(), procedures.end(), procedure) == procedures.end()) {
    procedures.push_back(procedure);
  }
}

void World::Member::on_call(dht::CallHandle call, const std::string& procedure,
                            const dht::wire::Bytes& args) {
  if (world->events_.served) world->events_.served(number);
  if (std::find(procedures.begin(), procedures.end(), procedure) == procedures.end()) {
    node->answer(call, dht::wire::CallError{"not_found", "this node serves no such procedure"});
  } else {
    node->answer(call, compute(procedure, args));
  }
}

void World::Member::on_cast(const std::string&, const dht::wire::Bytes&) {
  if (world->events_.served) world->events_.served(number);
}

void World::Member::on_chore(dht::Chore chore, std::size_t bytes) {
  maintenance_bytes += bytes;
  if (world->events_.chore) world->events_.chore(bytes);
  world->network().note(EventKind::maintenance, number, kNoNode, maintenance_content(chore, bytes));
}

void World::Member::on_republished(const dht::Key& key, const dht::wire::SharedValue& value) {
  if (world->events_.republished) world->events_.republished(number, key, value);
}

dht::SigningKey World::Member::signing_key() const {
  return dht::SigningKey(NodeKey::derive(world->subject_of(*this)).seed());
}

dht::wire::PublicKey World::Member::public_key() const {
  return signing_key().public_key();
}

dht::wire::Signature World::Member::sign(std::string_view message) const {
  return signing_key().sign(message);
}

std::string World::where() const {
  std::string text =
      "in " + scenario_->name + " (" + scenario_->file + "), seed " + std::to_string(seed_);
  if (standing_) {
    text += ", at t = " + describe_duration(network_->now() - kTimeZero) + ", event " +
            std::to_string(network_->log().events());
    const NodeNumber acting = network_->log().acting();
    if (acting < members_.size()) text += ", node " + name(acting);
  }
  return text + "\nreplay: " + replay_command(scenario_->file, seed_, kind_, scenario_->overrides);
}

}  // namespace macula::sim
