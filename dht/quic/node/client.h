// A client: a node that enters nobody's table, asks one node and ends.
//
//   return run_client(kUsage, arguments, [&](Client& client) {
//     client.node().ping(client.via(), client.left(), [&](const PingResult& result) {
//       client.done(json, text);
//     });
//   });
//
// The command is called once the client has met the node given by --via. Whatever it starts, the
// client ends after --timeout, with 1; one that provides stays until a signal ends it.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "dht/quic/node/client_options.h"
#include "dht/quic/node/command_application.h"
#include "dht/quic/node/exit_code.h"
#include "dht/quic/node/live_node.h"
#include "dht/quic/node/orderly_end.h"

namespace macula::dht::quic {

class Client {
 public:
  using Command = std::function<void(Client&)>;
  using Json = nlohmann::ordered_json;

  Client(Loop& loop, const ClientUsage& usage, const ClientArguments& arguments);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Returns the exit code.
  [[nodiscard]] int run(const Command& command);

  // ----- for the command -----
  [[nodiscard]] const ClientArguments& arguments() const { return arguments_; }
  [[nodiscard]] const std::string& word(std::size_t index) const {
    return arguments_.words.at(index);
  }
  [[nodiscard]] Loop& loop() { return loop_; }
  [[nodiscard]] LiveNode& live() { return *live_; }
  [[nodiscard]] Node& node() { return live_->node(); }
  [[nodiscard]] ContactRef via() const { return via_; }
  [[nodiscard]] Contact contact(ContactRef ref) const { return live_->book().contact(ref); }
  // The rest of --timeout, at least a millisecond.
  [[nodiscard]] Duration left() const;
  // Options of a search that ends in time to tell of it.
  [[nodiscard]] FindOptions find_options() const;
  // No longer ends by itself: a signal is waited for.
  void stay();

  // Writes the result, as JSON or as text, and ends with 0.
  void done(const Json& json, const std::string& text);
  // Writes why it was not done, and ends with 1.
  void fail(std::string_view code, std::string_view message);
  // Writes a result without ending.
  void print(const Json& json, const std::string& text) const;

 private:
  [[nodiscard]] LiveConfig config() const;
  // Calls the command once the node given by --via is met.
  void find_via(const Command& command);
  void on_met(std::optional<ContactRef> contact, const Command& command);
  void finish(int code);

  Loop& loop_;
  const ClientUsage& usage_;
  const ClientArguments& arguments_;
  Time deadline_;
  CommandApplication application_;
  std::unique_ptr<LiveNode> live_;
  std::unique_ptr<OrderlyEnd> end_;
  std::optional<Loop::DeadlineId> timeout_;
  ContactRef via_ = kNoContact;
  std::optional<int> code_;
};

// Reads the arguments, runs the command, returns the exit code.
[[nodiscard]] int run_client(const ClientUsage& usage, const std::vector<std::string>& arguments,
                             const Client::Command& command);

// "0.4 ms"
[[nodiscard]] std::string milliseconds_text(Duration duration);
[[nodiscard]] double milliseconds(Duration duration);

}  // namespace macula::dht::quic
