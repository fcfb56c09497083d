#include "dht/node/holders.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace macula::dht {

namespace {

// Under whatever address; kNoContact is nobody.
bool is_same_node(const ContactBook& book, ContactRef node, ContactRef other) {
  if (other == kNoContact) return false;
  return node == other || (book.has_alias(other) && book.has_id(node, book.id(other)));
}

// Where some are not to be named: all who are closer than they are looked at, one by one.
ContactList closest_proven(const Context& context, const NodeId& target, ContactRef but) {
  const RoutingTable& table = context.table;
  const ContactBook& book = context.book;
  const std::size_t k = context.protocol.k;
  std::vector<ContactRef> known;
  table.closest(target, k + 1 + table.on_trial(), [&](ContactRef node) {
    if (!is_same_node(book, node, but) && !table.is_on_trial(node)) known.push_back(node);
  });
  std::sort(known.begin(), known.end(),
            [&](ContactRef a, ContactRef b) { return book.closer(a, b, target); });
  ContactList nodes;
  nodes.append(known.data(), std::min(k, known.size()));
  return nodes;
}

}  // namespace

// Whoever asks knows itself: it takes nobody's place.
ContactList closest_known(const Context& context, const NodeId& target, ContactRef but) {
  const RoutingTable& table = context.table;
  if (table.on_trial() > 0) return closest_proven(context, target, but);
  const std::size_t k = context.protocol.k;
  ContactList nodes;
  const auto append = [&](const ContactRef* run, std::size_t count) { nodes.append(run, count); };
  table.closest_runs(target, k, append);
  if (but == kNoContact) return nodes;
  const ContactBook& book = context.book;
  bool named = false;
  for (const ContactRef node : nodes) named |= node == but;
  if (!named && !book.has_alias(but)) return nodes;
  nodes.clear();
  table.closest_runs(target, k + 1, append);
  ContactList others;
  for (const ContactRef node : nodes) {
    if (!is_same_node(book, node, but) && others.size() < k) others.push_back(node);
  }
  return others;
}

bool is_holder(const Context& context, const Key& key) {
  if (!context.protocol.expiry || context.protocol.placement == Placement::own) return true;
  std::size_t closer = 0;
  context.table.closest(key, context.protocol.k, [&](ContactRef ref) {
    closer += context.book.closer(ref, context.self, key) ? 1 : 0;
  });
  return closer < context.protocol.k;
}

}  // namespace macula::dht
