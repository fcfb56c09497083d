#include "gossip.h"

#include <utility>

namespace gossip {
namespace {

using macula::transport::Draw;

// The purposes for which a node draws.
constexpr Draw kWhom{0};  // to tell or to ask
constexpr Draw kWhen{1};  // the next round is

}  // namespace

Gossip::Gossip(Host& host, std::vector<Peer> others, const Config& config)
    : host_(&host), others_(std::move(others)), config_(config) {}

void Gossip::start() {
  if (config_.pull) host_->set_timer(jittered(*host_, kWhen, config_.round), 0);
}

void Gossip::tell(const Rumour& rumour) {
  take({rumour});
}

// News goes on at once. A rumour that is known already goes no further, so that it dies out.
void Gossip::take(const std::vector<Rumour>& rumours) {
  Rumours news{Rumours::Kind::news, {}, {}};
  for (const Rumour& rumour : rumours) {
    if (known_.emplace(rumour.id, rumour.text).second) news.rumours.push_back(rumour);
  }
  if (news.rumours.empty()) return;
  for (std::uint32_t i = 0; i < config_.fanout; ++i) host_->send(any_other(), Rumours(news));
}

Gossip::Peer Gossip::any_other() {
  return others_[host_->random(kWhom) % others_.size()];
}

void Gossip::pull() {
  Rumours message{Rumours::Kind::pull, {}, {}};
  for (const auto& [id, text] : known_) message.known.push_back(id);
  host_->request(any_other(), std::move(message), config_.patience, 0);
}

void Gossip::on_timer(macula::transport::Token /*token*/) {
  pull();
  host_->set_timer(jittered(*host_, kWhen, config_.round), 0);
}

void Gossip::on_message(const macula::transport::Sender& /*from*/, Rumours& message) {
  take(message.rumours);
}

void Gossip::on_request(const macula::transport::Sender& /*from*/,
                        macula::transport::InboundId request, Rumours& message) {
  auto missed = known_;
  for (const std::uint64_t id : message.known) missed.erase(id);
  Rumours reply{Rumours::Kind::pull_reply, {}, {}};
  for (auto& [id, text] : missed) reply.rumours.push_back({id, std::move(text)});
  host_->reply(request, std::move(reply));
}

void Gossip::on_reply(macula::transport::Token /*token*/, Rumours& message) {
  take(message.rumours);
}

// Another is asked in the next round.
void Gossip::on_failure(macula::transport::Token /*token*/,
                        macula::transport::Failure /*failure*/) {}

}  // namespace gossip
