#include "sim/study/shard.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <string_view>
#include <system_error>

namespace macula::sim {
namespace {

// How a system tells its workers which they are. Task ids of Slurm, the first scheme, begin where
// its user says, so those count modulo how many there are.
struct Scheme {
  const char* index;
  const char* count;  // nullptr: it does not say
  std::size_t first;  // of the indexes
};
constexpr std::array<Scheme, 4> kSchemes{{{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", 0},
                                          {"JOB_COMPLETION_INDEX", nullptr, 0},
                                          {"CI_NODE_INDEX", "CI_NODE_TOTAL", 1},
                                          {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", 0}}};
constexpr std::size_t kLargestIndex = 1'000'000'000;

std::optional<std::size_t> parse_number(std::string_view text, std::size_t least,
                                        std::size_t most) {
  std::size_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (text.empty() || error != std::errc() || end != last) return std::nullopt;
  if (number < least || number > most) return std::nullopt;
  return number;
}

using Number = tl::expected<std::size_t, std::string>;

Number number_in(const Environment& environment, const char* name, std::size_t least,
                 std::size_t most) {
  const char* const text = environment(name);
  if (text == nullptr) return tl::unexpected(fmt::format("{} is not set", name));
  const auto number = parse_number(text, least, most);
  if (number) return *number;
  return tl::unexpected(
      fmt::format("{} is '{}', and no number from {} to {}", name, text, least, most));
}

// `number`: from `first` on.
Shard shard_at(std::size_t number, std::size_t first, std::size_t count, std::string from) {
  return {(number + count - first % count) % count, count, std::move(from)};
}

// Task ids may have a step between them, and gaps, which leave runs out.
Number slurm_step(const Environment& environment, std::size_t count) {
  std::size_t step = 1;
  if (environment("SLURM_ARRAY_TASK_STEP") != nullptr) {
    auto stated = number_in(environment, "SLURM_ARRAY_TASK_STEP", 1, kLargestIndex);
    if (!stated) return stated;
    step = *stated;
  }
  const char* const min = environment("SLURM_ARRAY_TASK_MIN");
  const char* const max = environment("SLURM_ARRAY_TASK_MAX");
  if (min == nullptr || max == nullptr) return step;
  const auto first = parse_number(min, 0, kLargestIndex);
  const auto last = parse_number(max, 0, kLargestIndex);
  if (first && last && *first <= *last && (*last - *first) / step + 1 == count) return step;
  return tl::unexpected(fmt::format(
      "the tasks {} to {} of the array are not all there: say which part this is with --shard I/N",
      min, max));
}

// `count`: how many there are, where it is known already.
tl::expected<std::optional<Shard>, std::string> shard_in(const Environment& environment,
                                                         std::optional<std::size_t> count) {
  for (const Scheme& scheme : kSchemes) {
    if (environment(scheme.index) == nullptr) continue;
    auto number = number_in(environment, scheme.index, 0, kLargestIndex);
    if (!number) return tl::unexpected(number.error());
    if (!count && scheme.count == nullptr) {
      return tl::unexpected(fmt::format(
          "{} is set and does not say how many there are: give --shard /N", scheme.index));
    }
    if (!count) {
      const auto stated = number_in(environment, scheme.count, 1, kMostShards);
      if (!stated) return tl::unexpected(stated.error());
      count = *stated;
    }
    if (&scheme == &kSchemes.front()) {
      const auto step = slurm_step(environment, *count);
      if (!step) return tl::unexpected(step.error());
      *number = *number / *step % *count;
    } else if (*number >= scheme.first + *count) {
      return tl::unexpected(fmt::format("{} is {}, and there are {} parts, from {} on",
                                        scheme.index, *number, *count, scheme.first));
    }
    return shard_at(*number, scheme.first, *count, scheme.index);
  }
  return std::nullopt;
}

}  // namespace

tl::expected<Shard, std::string> parse_shard(const std::string& text,
                                             const Environment& environment) {
  const std::size_t slash = text.find('/');
  const std::string_view all(text);
  std::optional<std::size_t> count;
  if (slash != std::string::npos) count = parse_number(all.substr(slash + 1), 1, kMostShards);
  if (count && slash == 0) {
    const auto shard = shard_in(environment, count);
    if (!shard) return tl::unexpected(shard.error());
    if (*shard) return **shard;
    return tl::unexpected(
        fmt::format("--shard {} leaves it to the environment which part this is, "
                    "and it does not say; give I/N",
                    text));
  }
  if (count) {
    const auto index = parse_number(all.substr(0, slash), 0, *count);
    if (index) return shard_at(*index, 1, *count, {});
  }
  return tl::unexpected(
      fmt::format("--shard takes I/N, the I-th of N parts, or /N, not '{}'", text));
}

tl::expected<std::optional<Shard>, std::string> shard_of(const Environment& environment) {
  return shard_in(environment, std::nullopt);
}

}  // namespace macula::sim
