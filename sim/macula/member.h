// A node of a run of Macula, in all its lives, with the application that runs on it.
//
// Its dht::Node is made anew for each life. The last life's is kept after a crash: a restart may
// take over its table and records.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dht/node/node.h"
#include "dht/protocol.h"
#include "sim/net/link.h"

namespace macula::sim {

class MaculaCommunity;

struct Member final : dht::Application, dht::Signer {
  Member(MaculaCommunity& belongs_to, NodeNumber its_number, const dht::Protocol& its_protocol)
      : community(&belongs_to), number(its_number), protocol(&its_protocol) {}

  MaculaCommunity* community;
  NodeNumber number;
  const dht::Protocol* protocol;
  std::uint32_t identity = 0;           // how many it had before
  std::vector<std::string> procedures;  // that it serves
  std::unique_ptr<dht::Node> node;
  std::uint64_t maintenance_bytes = 0;

  void on_call(dht::CallHandle call, const std::string& procedure,
               const dht::wire::Bytes& args) override;
  void on_cast(const std::string& procedure, const dht::wire::Bytes& args) override;
  void on_turn(dht::Chore chore) override;
  void on_chore(dht::Chore chore, std::size_t bytes) override;
  void on_republished(const dht::Key& key, const dht::wire::SharedValue& value) override;
  // Its key is made anew each time: it follows from its name.
  [[nodiscard]] dht::SigningKey signing_key() const;
  [[nodiscard]] dht::wire::PublicKey public_key() const override;
  [[nodiscard]] dht::wire::Signature sign(std::string_view message) const override;
};

}  // namespace macula::sim
