#include "dht/quic/node/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <utility>

#include "base/check.h"
#include "base/text/printable.h"
#include "dht/quic/node/log.h"

namespace macula::dht::quic {
namespace {

constexpr Duration kClosePatience = std::chrono::milliseconds(500);
constexpr Duration kWithdrawPatience = std::chrono::seconds(3);  // of one that provides
constexpr Duration kShortest = std::chrono::milliseconds(1);

}  // namespace

Client::Client(Loop& loop, const ClientUsage& usage, const ClientArguments& arguments)
    : loop_(loop),
      usage_(usage),
      arguments_(arguments),
      deadline_(loop.now() + arguments.timeout),
      application_(loop, usage.provides && !arguments.words.empty() ? arguments.words.front() : "",
                   arguments.exec, ChildLimits{arguments.timeout}) {}

LiveConfig Client::config() const {
  LiveConfig config;
  // Bound to the address from which the node is reached: that is where others can answer.
  config.listen = arguments_.listen.value_or(
      local_address_towards(arguments_.via).value_or(Endpoint{arguments_.via.address, 0}));
  config.identity = make_identity();
  config.unbound = arguments_.unbound;
  config.client = true;
  // One that stays joins through the node, and through whoever listens there later.
  if (usage_.provides) config.endpoints = {arguments_.via};
  config.protocol = *find_profile("kademlia");
  config.protocol.refresh_on_join = false;
  // A silent peer must cost less than all the time there is.
  config.protocol.query_timeout = std::min(config.protocol.query_timeout, arguments_.timeout / 4);
  config.protocol.deadline = arguments_.timeout * 3 / 4;
  return config;
}

int Client::run(const Command& command) {
  auto live = LiveNode::open(loop_, config(), application_);
  if (!live) {
    log(live.error());
    return kBadInput;
  }
  live_ = std::move(*live);
  application_.attach(live_->node());
  end_ = std::make_unique<OrderlyEnd>(loop_, *live_,
                                      usage_.provides ? kWithdrawPatience : kClosePatience);
  timeout_ = loop_.at(deadline_, [this, &command] {
    via_ == kNoContact ? on_met(std::nullopt, command) : fail("timeout", "no result in time");
  });
  find_via(command);
  loop_.run();
  application_.detach();
  // A signal is the way to end what stays; it breaks off everything else.
  return code_.value_or(timeout_ ? kFailed : kDone);
}

void Client::find_via(const Command& command) {
  const auto met = [this, &command](std::optional<ContactRef> contact) {
    if (via_ == kNoContact && !end_->begun()) on_met(contact, command);
  };
  if (!usage_.provides) {
    node().start();
    live_->host().meet(arguments_.via, arguments_.timeout, met);
    return;
  }
  application_.listen({[met](const Endpoint&, ContactRef contact) {
                         if (contact != kNoContact) met(contact);
                       },
                       {}});
  node().start();
}

void Client::on_met(std::optional<ContactRef> contact, const Command& command) {
  if (!contact) {
    fail("unreachable", "no answer from " + format_endpoint(arguments_.via));
    return;
  }
  via_ = *contact;
  live().on_keep_contacts([this](ContactMarks& marks) { marks.keep(via_); });
  node().add_contact(via_);
  command(*this);
}

Duration Client::left() const {
  return std::max<Duration>(deadline_ - loop_.now(), kShortest);
}

FindOptions Client::find_options() const {
  return {false, true, std::max<Duration>(left() * 9 / 10, kShortest)};
}

void Client::stay() {
  if (timeout_) loop_.cancel(*timeout_);
  timeout_.reset();
}

void Client::done(const Json& json, const std::string& text) {
  if (code_) return;
  print(json, text);
  finish(kDone);
}

void Client::fail(std::string_view code, std::string_view message) {
  if (code_) return;
  if (arguments_.json) {
    print({{"error", {{"code", code}, {"message", message}}}}, {});
  }
  log(fmt::format("{}: {}: {}", usage_.name, code, message));
  finish(kFailed);
}

void Client::print(const Json& json, const std::string& text) const {
  // Bytes of others that are no UTF-8 are replaced, not thrown at us.
  constexpr auto kReplace = nlohmann::detail::error_handler_t::replace;
  std::cout << printable(arguments_.json ? json.dump(-1, ' ', false, kReplace) : text, Lines::many)
            << std::endl;
}

void Client::finish(int code) {
  code_ = code;
  stay();
  // Not from inside a call of the host.
  loop_.post([this] { end_->begin(); });
}

int run_client(const ClientUsage& usage, const std::vector<std::string>& arguments,
               const Client::Command& command) {
  const auto parsed = parse_client_arguments(usage, arguments);
  if (!parsed) {
    log(fmt::format("{0}: {1}; see 'macula-node {0} --help'", usage.name, parsed.error()));
    return kBadInput;
  }
  if (parsed->help) {
    std::cout << help_text("macula-node", manual_of(usage));
    return kDone;
  }
  if (parsed->unbound) log("identity is unbound: the peer may claim any id");
  auto loop = Loop::create(process_clock());
  if (!loop) {
    log(loop.error());
    return kBadInput;
  }
  return Client(**loop, usage, *parsed).run(command);
}

double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

std::string milliseconds_text(Duration duration) {
  return fmt::format("{:.1f} ms", milliseconds(duration));
}

}  // namespace macula::dht::quic
