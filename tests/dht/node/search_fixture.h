// A node that searches, one request at a time, among the contacts that a test gives it.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/dht/node/node_fixture.h"

namespace macula::dht {

using Found = Kept<SearchResult>;

class SearchTest : public NodeTest {
 protected:
  const NodeId target = numbered_id(0);  // contact 1 is the closest to it, then 2, 3 and so on

  SearchTest() {
    protocol.k = 2;
    protocol.alpha = 1;
    protocol.widen = false;
    protocol.maintenance = false;
  }
  Node& start_knowing(const std::vector<std::uint64_t>& numbers) {
    Node& node = start_as(contact(0xffff));
    for (const std::uint64_t number : numbers) node.add_contact(contact(number));
    return node;
  }
  // To whom the request went.
  std::uint64_t asked(std::size_t request) {
    return book.id(host.requests.at(request).to).words[3];
  }
  void answer_after(std::size_t request, Duration delay) {
    host.advance(delay);
    host.answer(request, wire::FindNodeReply{});
  }
};

}  // namespace macula::dht
