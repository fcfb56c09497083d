#include "dht/quic/node/bootstrap_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "dht/quic/node/log.h"

namespace macula::dht::quic {

namespace {

std::string_view word(BootstrapNames::Use use) {
  switch (use) {
    case BootstrapNames::Use::self:
      return " (this node itself: ignored)";
    case BootstrapNames::Use::unreachable:
      return " (not reached from the address that this node listens on: ignored)";
    case BootstrapNames::Use::good:
      break;
  }
  return "";
}

}  // namespace

BootstrapNames::BootstrapNames(Loop& loop, Resolver::System system, std::vector<Remote> remotes,
                               UseOf use_of, Changed changed)
    : loop_(loop),
      use_of_(std::move(use_of)),
      changed_(std::move(changed)),
      resolver_(loop, std::move(system)) {
  for (Remote& remote : remotes) {
    Name name;
    name.remote = std::move(remote);
    names_.push_back(std::move(name));
  }
}

BootstrapNames::~BootstrapNames() {
  for (const Name& name : names_) {
    if (name.retry) loop_.cancel(*name.retry);
  }
}

void BootstrapNames::start(Changed started) {
  started_ = std::move(started);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    Name& name = names_[i];
    if (name.remote.endpoint) {
      name.answered = true;
      set(name, {*name.remote.endpoint});
    } else {
      resolve(i);
    }
  }
  settle();
}

std::vector<Endpoint> BootstrapNames::endpoints() const {
  std::vector<Endpoint> all;
  for (const Name& name : names_) {
    for (const Endpoint& endpoint : name.endpoints) {
      if (std::find(all.begin(), all.end(), endpoint) == all.end()) all.push_back(endpoint);
    }
  }
  return all;
}

bool BootstrapNames::nobody() const {
  return std::all_of(names_.begin(), names_.end(), [](const Name& name) { return name.self; });
}

void BootstrapNames::on_silent(const Endpoint& endpoint) {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const auto& from = names_[i].endpoints;
    if (names_[i].remote.endpoint || std::find(from.begin(), from.end(), endpoint) == from.end()) {
      continue;
    }
    resolve(i);
  }
}

void BootstrapNames::resolve(std::size_t name) {
  Name& which = names_[name];
  if (which.resolving) return;
  which.resolving = true;
  if (which.retry) loop_.cancel(*which.retry);
  which.retry.reset();
  resolver_.resolve(which.remote.host, which.remote.port,
                    [this, name](const Resolved& resolved) { on_resolved(name, resolved); });
}

// A name that cannot be resolved for now keeps the addresses that it had.
void BootstrapNames::on_resolved(std::size_t name, const Resolved& resolved) {
  Name& which = names_[name];
  which.resolving = false;
  if (resolved.endpoints.empty()) {
    say(which, fmt::format("{}: {}; tried again", which.remote.text, resolved.error));
  } else {
    set(which, resolved.endpoints);
  }
  if (which.endpoints.empty()) {
    which.retry = loop_.at(loop_.now() + which.pause, [this, name] {
      names_[name].retry.reset();
      resolve(name);
    });
    which.pause = std::min(2 * which.pause, kLongestPause);
  } else {
    which.pause = kFirstPause;
  }
  which.answered = true;
  settle();
}

void BootstrapNames::set(Name& name, const std::vector<Endpoint>& endpoints) {
  name.endpoints.clear();
  name.self = true;
  std::string text;
  for (const Endpoint& endpoint : endpoints) {
    const Use use = use_of_(endpoint);
    if (use != Use::self) name.self = false;
    if (use == Use::good) name.endpoints.push_back(endpoint);
    if (use == Use::good && name.remote.endpoint) continue;
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", format_endpoint(endpoint), word(use));
  }
  if (text.empty()) return;
  say(name, name.remote.endpoint ? fmt::format("--bootstrap {}", text)
                                 : fmt::format("{} is {}", name.remote.text, text));
}

void BootstrapNames::say(Name& name, std::string text) {
  if (text == name.said) return;
  log(text);
  name.said = std::move(text);
}

void BootstrapNames::settle() {
  std::vector<Endpoint> now = endpoints();
  if (started_) {
    const bool answered =
        std::all_of(names_.begin(), names_.end(), [](const Name& name) { return name.answered; });
    if (now.empty() && !answered) return;
    told_ = std::move(now);
    const Changed started = std::exchange(started_, nullptr);
    started(told_);
  } else if (now != told_) {
    told_ = std::move(now);
    changed_(told_);
  }
}

}  // namespace macula::dht::quic
