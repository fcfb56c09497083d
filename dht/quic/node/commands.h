// The one-shot clients of `macula-node`. Each returns the exit code.
#pragma once

#include <string>
#include <vector>

namespace macula::dht::quic {

[[nodiscard]] int run_health(const std::vector<std::string>& arguments);
[[nodiscard]] int run_ping(const std::vector<std::string>& arguments);
[[nodiscard]] int run_store(const std::vector<std::string>& arguments);
[[nodiscard]] int run_find(const std::vector<std::string>& arguments);
[[nodiscard]] int run_advertise(const std::vector<std::string>& arguments);
[[nodiscard]] int run_discover(const std::vector<std::string>& arguments);
[[nodiscard]] int run_call(const std::vector<std::string>& arguments);

}  // namespace macula::dht::quic
