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
void add_proven(ContactList& nodes, const Context& context, const NodeId& target, ContactRef but) {
  const RoutingTable& table = context.table;
  const ContactBook& book = context.book;
  const std::size_t k = context.protocol.k;
  std::vector<ContactRef> known;
  table.closest(target, k + 1 + table.on_trial(), [&](ContactRef node) {
    if (!is_same_node(book, node, but) && !table.is_on_trial(node)) known.push_back(node);
  });
  std::sort(known.begin(), known.end(),
            [&](ContactRef a, ContactRef b) { return book.closer(a, b, target); });
  nodes.append(known.data(), std::min(k, known.size()));
}

// Where one of the k closest is not to be named, under whatever address: the next one is.
void add_others(ContactList& nodes, const Context& context, const NodeId& target, ContactRef but) {
  const std::size_t k = context.protocol.k;
  context.table.closest_runs(target, k + 1, [&](const ContactRef* run, std::size_t count) {
    const ContactRef* const end = run + count;
    const ContactRef* const left_out = std::find_if(
        run, end, [&](ContactRef node) { return is_same_node(context.book, node, but); });
    const auto add = [&](const ContactRef* first, const ContactRef* last) {
      nodes.append(first, std::min(static_cast<std::size_t>(last - first), k - nodes.size()));
    };
    add(run, left_out);
    if (left_out != end) add(left_out + 1, end);
  });
}

}  // namespace

// The asker knows itself: it takes nobody's place. One list is returned on every way, as it need
// not be copied then.
ContactList closest_known(const Context& context, const NodeId& target, ContactRef but) {
  const RoutingTable& table = context.table;
  ContactList nodes;
  if (table.on_trial() > 0) {
    add_proven(nodes, context, target, but);
    return nodes;
  }
  const std::size_t k = context.protocol.k;
  if (but != kNoContact && context.book.has_alias(but)) {
    add_others(nodes, context, target, but);
    return nodes;
  }
  table.closest_runs_but(
      but, target, k, [&](const ContactRef* run, std::size_t count) { nodes.append(run, count); });
  return nodes;
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
