#include "sim/run/act.h"

#include "base/hash.h"
#include "sim/scenario/placeholder.h"

namespace macula::sim {

Act::Act(Operations& operations, const Turn& turn)
    : operations_(operations),
      turn_(turn),
      step_(operations.world().scenario().steps[turn.step]),
      draws_(mix(operations.world().seed(), step_.identity, turn.repetition)),
      note_(operations.note(turn)) {
  if (turn.client != kNoNode) draws_ = mix(draws_, world().name_hash(turn.client));
}

std::vector<NodeNumber> Act::nodes(std::string_view key) const {
  return nodes(arguments().selector(key), key);
}

std::vector<NodeNumber> Act::nodes(std::string_view key, NodeNumber other) const {
  if (key == kByKey) note_pair(other);
  return drawn(arguments().selector(key), key,
               mix(draws_, hash_bytes(key), world().name_hash(other)));
}

std::vector<NodeNumber> Act::nodes(const Selector& selector, std::string_view part) const {
  return drawn(selector, part, mix(draws_, hash_bytes(part)));
}

std::vector<NodeNumber> Act::drawn(const Selector& selector, std::string_view part,
                                   std::uint64_t draws) const {
  if (turn_.client != kNoNode && part == kByKey) return {turn_.client};
  auto nodes = world().select(with_number(selector, turn_.repetition), draws);
  if (note_ != nullptr && part != kByKey) {
    const bool acts = step_.verb->operation.has_value();
    if (!acts && note_->parts.empty()) note_->parts.emplace_back();
    (note_->parts.empty() ? shared_ : note_->parts.back()).nodes[part] = nodes;
  }
  return nodes;
}

// Notes from here on are about this node.
void Act::note_actor(NodeNumber node) const {
  if (note_ == nullptr) return;
  note_->parts.push_back(shared_);
  note_->parts.back().nodes[kByKey] = {node};
}

// The nodes of `by` are asked for beside this one, of those that another key gave.
void Act::note_pair(NodeNumber other) const {
  for (auto& [key, nodes] : shared_.nodes) {
    nodes = {other};
  }
}

std::uint64_t Act::draws(std::string_view key, NodeNumber by, bool own) const {
  return mix(draws_, hash_bytes(key), own ? world().name_hash(by) : 0);
}

std::string Act::filled(const std::string& text, std::uint64_t draws) const {
  return operations_.filler().fill(text, {turn_.repetition, draws});
}

std::string Act::text(std::string_view key, NodeNumber by) const {
  std::string text = filled(arguments().text(key), draws(key, by, true));
  if (note_ != nullptr) note_->parts.back().texts[key] = text;
  return text;
}

OperationNames Act::names(NodeNumber by) const {
  OperationNames names;
  for (const VerbKey& key : step_.verb->keys) {
    if (key.type != KeyType::name || !arguments().has(key.name)) continue;
    names.emplace_back(key.name, filled(arguments().text(key.name), draws(key.name, by, true)));
  }
  return names;
}

template <typename MakeUp>
std::string Act::made(std::string_view key, NodeNumber by, bool own, MakeUp make_up) const {
  const Payload& payload = arguments().payload(key);
  const std::uint64_t random = draws(key, by, own);
  if (payload.bytes != 0) {
    const std::size_t bytes = payload.size(draw(random));
    if (note_ != nullptr) note_->parts.back().sizes[key] = bytes;
    return make_up(bytes);
  }
  std::string text = filled(payload.text, random);
  if (note_ != nullptr) note_->parts.back().texts[key] = text;
  return text;
}

std::string Act::subject(std::string_view what, NodeNumber by, bool own) const {
  std::string subject = text(what, by) + '/';
  if (own) subject += world().name(by);
  return subject.append(1, '/').append(std::to_string((turn_.time - kTimeZero).count()));
}

std::string Act::stored(std::string_view key, std::string_view what, NodeNumber by,
                        bool is_signed) const {
  return made(key, by, is_signed,
              [&](std::size_t bytes) { return made_up(bytes, subject(what, by, is_signed)); });
}

std::string Act::sent(std::string_view key, std::string_view what, NodeNumber by) const {
  return made(key, by, true,
              [&](std::size_t bytes) { return made_up_json(bytes, subject(what, by, true)); });
}

}  // namespace macula::sim
