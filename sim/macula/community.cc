#include "sim/macula/community.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/hash.h"
#include "sim/macula/node_key.h"

namespace macula::sim {

MaculaCommunity::MaculaCommunity(const Setup& setup, const NetworkFactory& make_network)
    : scenario_(&setup.scenario),
      roster_(&setup.roster),
      seed_(setup.seed),
      network_(make_network(book_, setup.scenario.links, setup.options)),
      records_(*this) {
  members_.reserve(roster_->size());
  nodes_.resize(roster_->size());
  contacts_.resize(roster_->size());
  for (NodeNumber node = 0; node < roster_->size(); ++node) {
    members_.push_back(std::make_unique<Member>(*this, node, protocol_for(node)));
  }
  set_contacts();
}

// ----- who there is -----

// Where all nodes are given one store, each is told that its store is all there is.
const dht::Protocol& MaculaCommunity::protocol_for(NodeNumber node) {
  const auto& stated = parameters_as<dht::Protocol>(roster_->parameters(node));
  if (scenario_->storage != Storage::shared) return stated;
  const auto copied = protocols_.try_emplace(&stated, stated).first;
  copied->second.placement = dht::Placement::own;
  return copied->second;
}

std::string MaculaCommunity::subject_of(NodeNumber node) const {
  std::string subject = roster_->name(node);
  const std::uint32_t identity = members_[node]->identity;
  if (identity > 0) subject += '+' + std::to_string(identity);
  if (roster_->population(node).ids == Ids::seeded) subject += '/' + std::to_string(seed_);
  return subject;
}

dht::NodeId MaculaCommunity::id_of(NodeNumber node) const {
  const std::string subject = subject_of(node);
  const bool bound = scenario_->identity == Identity::bound;
  return bound ? NodeKey::derive(subject).id() : dht::hash_id(subject);
}

// A node behind a gateway is reached at the gateway's endpoint; so ids first, contacts second.
void MaculaCommunity::set_contacts() {
  std::vector<dht::NodeId> ids;
  for (const auto& member : members_) ids.push_back(id_of(member->number));
  std::vector<dht::ContactRef> contacts;
  contacts.reserve(members_.size());
  book_.reserve(members_.size());
  for (const auto& member : members_) {
    const NodeNumber node = member->number;
    const Population& population = roster_->population(node);
    const dht::Endpoint endpoint = roster_->endpoint(node);
    dht::Contact contact{ids[node], population.announce.value_or(endpoint), std::nullopt};
    if (scenario_->reach == Reach::relay && !population.relay.empty()) {
      const NodeNumber gateway = roster_->find(population.relay);
      contact.endpoint = roster_->endpoint(gateway);
      contact.relay = ids[gateway];
    }
    const auto ref = book_.intern(contact);
    MACULA_CHECK(ref.has_value());
    contacts_[node] = *ref;
    const bool client = population.mode == Mode::client;
    contacts.push_back(client ? dht::kNoContact : *ref);
    network_->add_node({roster_->name(node), *ref, population.region, population.link,
                        population.activation, endpoint, NodeKey::derive(subject_of(node)).seed(),
                        client});
  }
  directory_ = std::make_unique<Directory>(book_, contacts);
}

std::vector<NodeNumber> MaculaCommunity::select(const Selector& selector) {
  const dht::Key key = dht::normalize(selector.name);
  switch (selector.kind) {
    case Selector::Kind::closest:
      return directory_->closest(key, selector.number, [](NodeNumber) { return true; });
    case Selector::Kind::closest_live:
      return directory_->closest(key, selector.number, [&](NodeNumber node) { return up(node); });
    default:
      break;
  }
  MACULA_CHECK(selector.kind == Selector::Kind::holders);
  std::vector<NodeNumber> holders;
  for (const auto& member : members_) {
    if (up(member->number) && member->node->records().holds(key, network_->now())) {
      holders.push_back(member->number);
    }
  }
  return holders;
}

// A contact that is nobody's any more, since its node has come back as another, is left out.
std::optional<std::vector<NodeNumber>> MaculaCommunity::contacts(NodeNumber number) {
  std::vector<NodeNumber> known;
  const auto& entries = node(number).table().entries();
  known.reserve(entries.size());
  for (const dht::ContactRef contact : entries) {
    const NodeNumber of = network_->node_of(contact);
    if (of != kNoNode) known.push_back(of);
  }
  return known;
}

std::string MaculaCommunity::id_text(NodeNumber number) {
  return dht::id_to_hex(book_.id(contact(number)));
}

// ----- life and death -----

// A bootstrap node is configured by its endpoint, as in production. One behind a gateway cannot be
// dialled there: it is known by its contact.
void MaculaCommunity::set_bootstrap(dht::NodeConfig& config, NodeNumber via) const {
  if (book_.is_relayed(contact(via))) {
    config.bootstrap.push_back(contact(via));
  } else {
    config.endpoints.push_back(roster_->endpoint(via));
  }
}

void MaculaCommunity::begin_life(NodeNumber number, bool first) {
  Member& member = *members_[number];
  const Population& population = roster_->population(number);
  dht::NodeConfig config{contact(number), {},         nullptr,
                         &member,         &verifier_, population.mode == Mode::client};
  if (scenario_->storage == Storage::shared) config.records = &shared_records_;
  const bool joins = population.join && (scenario_->tables == Tables::joined || !first);
  if (joins) set_bootstrap(config, roster_->find(population.join->via));
  member.node =
      std::make_unique<dht::Node>(network_->host(number), book_, *member.protocol, config, member);
  nodes_[number] = member.node.get();
  network_->start(number, *member.node);
  if (scenario_->reach == Reach::relay && !population.relay.empty()) {
    network_->connect(number, roster_->find(population.relay));
  }
  // It knows the nodes that it was told to know from the start of every life, an ideal table only
  // from that of the first.
  for (const std::string& known : population.knows) {
    member.node->add_contact(contact(roster_->find(known)));
  }
  if (first && scenario_->tables == Tables::ideal && population.knows.empty()) {
    directory_->fill(member.node->table(), book_.id(contact(number)), member.protocol->bucket_size,
                     hash_bytes(roster_->name(number) + "/table", seed_), network_->now());
  }
  if (first && scenario_->tables == Tables::ring) know_neighbours(number);
  member.node->start();
}

void MaculaCommunity::know_neighbours(NodeNumber number) {
  const auto count = static_cast<NodeNumber>(size());
  const NodeNumber each_way = std::min<NodeNumber>(protocol(number).k / 2, (count - 1) / 2);
  for (NodeNumber away = 1; away <= each_way; ++away) {
    for (const NodeNumber other : {(number + away) % count, (number + count - away) % count}) {
      if (is_client(other)) continue;
      members_[number]->node->add_contact(contact(other));
    }
  }
}

void MaculaCommunity::start(NodeNumber number, bool keep_state) {
  Member& member = *members_[number];
  const std::unique_ptr<dht::Node> former = std::move(member.node);
  if (!keep_state) member.procedures.clear();
  begin_life(number, former == nullptr);
  if (keep_state && former != nullptr) member.node->take_over(*former);
}

void MaculaCommunity::rename(NodeNumber number) {
  Member& member = *members_[number];
  ++member.identity;
  dht::Contact renamed = book_.contact(contact(number));
  renamed.id = id_of(number);
  const auto ref = book_.intern(renamed);
  if (!ref || !network_->set_contact(number, *ref)) return;
  contacts_[number] = *ref;
  if (roster_->population(number).mode == Mode::server) directory_->change(number, renamed.id);
}

void MaculaCommunity::serve(NodeNumber node, const std::string& procedure) {
  auto& procedures = members_[node]->procedures;
  if (std::find(procedures.begin(), procedures.end(), procedure) == procedures.end()) {
    procedures.push_back(procedure);
  }
}

void MaculaCommunity::watch(World& world, const Watchers& watchers) {
  if (watchers.invariants != nullptr) {
    invariants_.emplace(MaculaCodec(book_), *network_, *watchers.invariants);
  }
  watch_ = std::make_unique<MaculaWatch>(world, *this, watchers);
  records_.listen([this](const std::string& label, Time stored, Duration age, bool lost) {
    watch_->aged(label, stored, age, lost);
  });
}

void begun(const Running& running, const dht::OperationId& id) {
  if (!running.under_way()) return;
  running.begun([&node = node_of(running), id] { node.cancel(id); });
}

}  // namespace macula::sim
