#include "dht/quic/node/run.h"

#include <fmt/format.h>

#include <iostream>

#include "base/text/diagnostic.h"
#include "dht/quic/node/config_file.h"
#include "dht/quic/node/exit_code.h"
#include "dht/quic/node/log.h"
#include "dht/quic/node/orderly_end.h"
#include "dht/quic/node/run_options.h"
#include "dht/quic/node/running_node.h"

namespace macula::dht::quic {
namespace {

constexpr Duration kShutdownPatience = std::chrono::seconds(5);

// Nothing: `code` is to be returned.
std::optional<Settings> read_settings(const std::vector<std::string>& arguments, int& code) {
  const auto parsed = parse_run_arguments(arguments);
  code = kBadInput;
  if (!parsed) {
    log("run: " + parsed.error() + "; see 'macula-node run --help'");
    return std::nullopt;
  }
  if (parsed->help) {
    std::cout << help_text("macula-node", run_manual());
    code = kDone;
    return std::nullopt;
  }
  if (parsed->config.empty()) return parsed->settings;
  auto config = read_config(parsed->config);
  if (!config) {
    std::cerr << format(config.error());
    return std::nullopt;
  }
  return merge(parsed->settings, std::move(*config));
}

std::string start_text(RunningNode& running) {
  const LiveNode& live = running.live();
  const Contact self = live.self();
  std::string text = fmt::format("listening on {}\n", format_endpoint(live.socket().local()));
  if (!(self.endpoint == live.socket().local())) {
    text += fmt::format("announced as {}\n", format_endpoint(self.endpoint));
  }
  return text + fmt::format("health on http://{}/health\n{} node {}\n",
                            format_endpoint(running.http().local()), role_name(running.role()),
                            id_to_hex(self.id));
}

int run_with(const Settings& settings, Loop& loop, DataFolder* data) {
  auto running = RunningNode::open(loop, settings, data);
  if (!running) {
    log(running.error());
    return kBadInput;
  }
  std::cout << start_text(**running);
  flush_and_stay();
  OrderlyEnd end(loop, (*running)->live(), kShutdownPatience);
  end.on_begin([&] { (*running)->save_contacts(); });
  (*running)->begin();
  loop.run();
  return kDone;
}

}  // namespace

int run_node(const std::vector<std::string>& arguments) {
  int code = kBadInput;
  const auto settings = read_settings(arguments, code);
  if (!settings) return code;
  auto loop = Loop::create(process_clock());
  if (!loop) {
    log(loop.error());
    return kBadInput;
  }
  if (settings->unbound.value_or(false)) {
    log("identity is unbound: any peer may claim any id; for replaying published ids only");
  }
  if (!settings->data) {
    log("no --data: a new identity, kept nowhere");
    return run_with(*settings, **loop, nullptr);
  }
  auto data = DataFolder::open(*settings->data);
  if (!data) {
    log(data.error());
    return kBadInput;
  }
  for (const std::string& warning : data->warnings()) log(warning);
  return run_with(*settings, **loop, &*data);
}

}  // namespace macula::dht::quic
