#include "dht/quic/node/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

namespace macula::dht::quic {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// The fields of /proc/self/stat from the third on: proc(5) counts from 1, and the second, the
// name in parentheses, may hold anything.
std::vector<std::string> stat_fields() {
  std::ostringstream text;
  text << std::ifstream("/proc/self/stat").rdbuf();
  const std::string line = text.str();
  const std::size_t end = line.rfind(')');
  std::vector<std::string> fields;
  if (end == std::string::npos) return fields;
  std::istringstream rest(line.substr(end + 1));
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

std::optional<double> field(const std::vector<std::string>& fields, std::size_t number) {
  constexpr std::size_t kFirst = 3;
  if (number - kFirst >= fields.size()) return std::nullopt;
  return std::strtod(fields[number - kFirst].c_str(), nullptr);
}

// When the machine was started, in seconds since 1970.
std::optional<double> boot_time() {
  std::ifstream stat("/proc/stat");
  for (std::string line; std::getline(stat, line);) {
    constexpr std::string_view kName = "btime ";
    if (line.rfind(kName, 0) == 0) return std::strtod(line.c_str() + kName.size(), nullptr);
  }
  return std::nullopt;
}

std::optional<double> open_descriptors() {
  std::error_code error;
  double count = 0;
  for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; at != end;
       at.increment(error)) {
    if (error) return std::nullopt;
    ++count;
  }
  // One of them reads the folder.
  return error || count == 0 ? std::nullopt : std::optional(count - 1);
}

}  // namespace

MetricFamily single_metric(const std::string& name, const std::string& help, double value) {
  constexpr std::string_view kTotal = "_total";
  const bool counts =
      name.size() > kTotal.size() && name.substr(name.size() - kTotal.size()) == kTotal;
  ClientMetric metric;
  (counts ? metric.counter.value : metric.gauge.value) = value;
  return {name, help, counts ? MetricType::Counter : MetricType::Gauge, {metric}};
}

std::vector<MetricFamily> process_metrics() {
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  const auto fields = stat_fields();
  std::vector<MetricFamily> families;
  const auto add = [&](const char* name, const char* help, std::optional<double> value) {
    if (value) families.push_back(single_metric(name, help, *value));
  };
  const auto started = field(fields, 22);
  const auto resident = field(fields, 24);
  const auto boot = boot_time();
  timespec used{};
  if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0) {
    add("process_cpu_seconds_total", "Time on the processors, user and system",
        static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9);
  }
  if (started && boot) {
    add("process_start_time_seconds", "When the process was started, since 1970",
        *boot + *started / ticks);
  }
  add("process_virtual_memory_bytes", "Address space in use", field(fields, 23));
  if (resident) add("process_resident_memory_bytes", "Memory in use", *resident * page);
  add("process_open_fds", "Open file descriptors", open_descriptors());
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    add("process_max_fds", "Most file descriptors that may be open",
        static_cast<double>(limit.rlim_cur));
  }
  return families;
}

MetricFamily build_info() {
  MetricFamily info = single_metric("macula_build_info", "What was built: 1", 1);
#ifdef __clang__
  const char* compiler = "clang++ " __clang_version__;
#else
  const char* compiler = "g++ " __VERSION__;
#endif
  info.metric.front().label = {{"version", MACULA_VERSION}, {"compiler", compiler}};
  return info;
}

}  // namespace macula::dht::quic
