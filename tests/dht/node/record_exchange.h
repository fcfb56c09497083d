// A node that is far from the key of a record, and what it tells others of it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/dht/node/node_fixture.h"
#include "tests/dht/records.h"

namespace macula::dht {

class RecordExchange : public NodeTest {
 protected:
  using Find = Kept<FindResult>;
  using Store = Kept<StoreResult>;
  using Texts = std::vector<std::string>;

  inline static const Key kKey = numbered_id(0);

  RecordExchange() {
    protocol.maintenance = false;
    signer = &owner_key(3);
  }
  Node& start_far() { return start_as(contact(0xffff)); }
  // Asks the nodes 1 and 2.
  Node& find_at_two(Find& find) {
    Node& node = start_far();
    for (const std::uint64_t number : {1U, 2U}) node.add_contact(contact(number));
    node.find_value(kKey, {}, find.done());
    return node;
  }

  // The node's answer to a find.
  const wire::FindValueReply& answer() {
    return replied_as<wire::FindValueReply>(host.ask(contact(9), wire::FindValue{kKey}));
  }
  bool answers_a_value() {
    return std::holds_alternative<std::vector<wire::Record>>(answer().result);
  }
  std::vector<std::string> refusals() {
    std::vector<std::string> reasons;
    for (const auto& sent : host.sent) {
      if (const auto* refused = std::get_if<wire::StoreRefused>(&sent.message)) {
        reasons.push_back(refused->reason);
      }
    }
    return reasons;
  }
  static wire::FindValueReply reply(std::vector<wire::Record> records) {
    return {std::move(records)};
  }
  static std::vector<std::string> texts(const FindResult& result) {
    std::vector<std::string> texts;
    for (const auto& value : result.values) texts.push_back(*value->as_bytes());
    return texts;
  }
};

}  // namespace macula::dht
