#include "sim/macula/member.h"

#include <algorithm>

#include "sim/macula/community.h"
#include "sim/macula/node_key.h"
#include "sim/macula/procedures.h"

namespace macula::sim {

void Member::on_call(dht::CallHandle call, const std::string& procedure,
                     const dht::wire::Bytes& args) {
  if (MaculaWatch* watch = community->watching()) watch->served(number);
  if (std::find(procedures.begin(), procedures.end(), procedure) == procedures.end()) {
    node->answer(call, dht::wire::CallError{"not_found", "this node serves no such procedure"});
  } else {
    node->answer(call, compute(procedure, args));
  }
}

void Member::on_cast(const std::string&, const dht::wire::Bytes&) {
  if (MaculaWatch* watch = community->watching()) watch->served(number);
}

void Member::on_turn(dht::Chore chore) {
  community->network().act_for(kChoreCause | maintenance_content(chore, 0));
}

void Member::on_chore(dht::Chore chore, std::size_t bytes) {
  maintenance_bytes += bytes;
  if (MaculaWatch* watch = community->watching()) watch->chore(bytes);
  community->network().note(EventKind::maintenance, number, kNoNode,
                            maintenance_content(chore, bytes));
}

void Member::on_republished(const dht::Key& key, const dht::wire::SharedValue& value) {
  community->records().republished(key, number, value);
}

dht::SigningKey Member::signing_key() const {
  return dht::SigningKey(NodeKey::derive(community->subject_of(number)).seed());
}

dht::wire::PublicKey Member::public_key() const {
  return signing_key().public_key();
}

dht::wire::Signature Member::sign(std::string_view message) const {
  return signing_key().sign(message);
}

}  // namespace macula::sim
