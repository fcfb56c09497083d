// A node that knows providers of "calc.add", and what it asks of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dht/node/calls.h"
#include "tests/dht/node/node_fixture.h"

namespace macula::dht {

using Call = Kept<CallResult>;

inline std::string error_code(const CallResult& result) {
  const auto* error = std::get_if<wire::CallError>(&result.outcome);
  return error != nullptr ? error->code : "none";
}

class CallsTest : public NodeTest {
 protected:
  // A node that holds the records of these providers of "calc.add", and asks nobody for others.
  Node& start_knowing(const std::vector<std::uint64_t>& providers) {
    protocol.sign_providers = false;  // nobody expects a signature
    protocol.discover_beyond_own = false;
    Node& node = start();
    for (auto number = providers.rbegin(); number != providers.rend(); ++number) {
      EXPECT_TRUE(node.store_local(service_key("calc.add"), provider_record(*number)));
    }
    return node;
  }
  static CallRequest request(std::optional<Duration> timeout = std::nullopt) {
    return {"calc.add", "{}", timeout, std::nullopt, false};
  }
  void answer_call(std::size_t request, const std::string& result) {
    host.answer(request, wire::Reply{sent_as<wire::Call>(request).call_id, result});
  }
  void refuse_call(std::size_t request, const std::string& code) {
    host.answer(request, wire::Reply{sent_as<wire::Call>(request).call_id,
                                     wire::CallError{code, "says the provider"}});
  }
  // The requests of one kind that were made so far: to whom, or which ones they are.
  template <typename Message>
  std::vector<std::size_t> made() const {
    std::vector<std::size_t> made;
    for (std::size_t i = 0; i < host.requests.size(); ++i) {
      if (std::holds_alternative<Message>(host.requests[i].message)) made.push_back(i);
    }
    return made;
  }
  std::vector<ContactRef> called() const {
    std::vector<ContactRef> called;
    for (const std::size_t request : made<wire::Call>())
      called.push_back(host.requests[request].to);
    return called;
  }
  std::vector<ContactRef> contacts(const std::vector<std::uint64_t>& numbers) {
    std::vector<ContactRef> contacts;
    for (const std::uint64_t number : numbers) contacts.push_back(contact(number));
    return contacts;
  }
};

}  // namespace macula::dht
