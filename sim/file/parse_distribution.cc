#include "sim/file/parse_distribution.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "base/text/suggest.h"
#include "base/text/units.h"
#include "sim/file/parse_call.h"

namespace macula::sim {
namespace {

constexpr Fixed kSigmaMax = 4 * kFixedOne;
constexpr Fixed kShapeMin = kFixedOne / 10;
constexpr Fixed kShapeMax = 100 * kFixedOne;

// Reads a parameter that is a time, or a size.
using ParameterReader = std::function<tl::expected<Duration, std::string>(std::string_view)>;

ParameterReader delays(std::optional<Duration> limit) {
  return [limit](std::string_view text) -> tl::expected<Duration, std::string> {
    const auto delay = parse_duration(text);
    if (!delay) return tl::unexpected(delay.error());
    if (limit && *delay > *limit) return tl::unexpected(fmt::format("{} is more than a day", text));
    return *delay;
  };
}

// Sizes larger than any frame need not be told apart.
tl::expected<Duration, std::string> read_size(std::string_view text) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40;
  const auto bytes = parse_size(text);
  if (!bytes) return tl::unexpected(bytes.error());
  if (*bytes > kMost) return tl::unexpected(fmt::format("{} is more than 1024GiB", text));
  return Duration{static_cast<Duration::rep>(*bytes)};
}

const DistributionInfo* find_info(std::string_view name) {
  for (const DistributionInfo& info : distribution_catalogue()) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

// The texts of the parameters, in their order.
tl::expected<std::vector<std::string>, std::string> arrange(const DistributionInfo& info,
                                                            const CallForm& form) {
  std::vector<std::string> texts(info.parameters.size());
  std::size_t position = 0;
  for (const CallArgument& argument : form.arguments) {
    std::size_t index = position;
    if (argument.name.empty()) {
      ++position;
    } else {
      const auto at = std::find(info.parameters.begin(), info.parameters.end(), argument.name);
      index = static_cast<std::size_t>(at - info.parameters.begin());
    }
    if (index >= texts.size() || !texts[index].empty()) {
      return tl::unexpected(fmt::format("write it as in \"{}\"", info.example));
    }
    texts[index] = argument.text;
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].empty()) continue;
    return tl::unexpected(
        fmt::format("`{}` is missing: write it as in \"{}\"", info.parameters[i], info.example));
  }
  return texts;
}

tl::expected<Distribution, std::string> make(const DistributionInfo& info,
                                             const std::vector<std::string>& texts,
                                             const ParameterReader& unit) {
  if (info.name == "weibull" || info.name == "pareto") {
    const auto shape = parse_scaled(texts[0], kFixedOne);
    if (!shape) return tl::unexpected(shape.error());
    if (*shape < kShapeMin || *shape > kShapeMax) {
      return tl::unexpected(fmt::format("shape {} is not from 0.1 to 100", texts[0]));
    }
    const auto scale = unit(texts[1]);
    if (!scale) return tl::unexpected(scale.error());
    return info.name == "weibull" ? Distribution::weibull(*shape, *scale)
                                  : Distribution::pareto(*shape, *scale);
  }
  const auto first = unit(texts[0]);
  if (!first) return tl::unexpected(first.error());
  if (info.name == "constant") return Distribution::constant(*first);
  if (info.name == "exponential") return Distribution::exponential(*first);
  if (info.name == "lognormal") {
    const auto sigma = parse_scaled(texts[1], kFixedOne);
    if (!sigma) return tl::unexpected(sigma.error());
    if (*sigma > kSigmaMax) return tl::unexpected(fmt::format("sigma {} is more than 4", texts[1]));
    return Distribution::lognormal(*first, *sigma);
  }
  const auto second = unit(texts[1]);
  if (!second) return tl::unexpected(second.error());
  if (info.name == "normal") return Distribution::normal(*first, *second);
  if (*second < *first) {
    return tl::unexpected(fmt::format("from {} to {} runs backwards", texts[0], texts[1]));
  }
  return Distribution::uniform(*first, *second);
}

}  // namespace

const std::vector<DistributionInfo>& distribution_catalogue() {
  static const std::vector<DistributionInfo> catalogue = {
      {"constant", {"value"}, "constant(20ms)", "Always this; \"20ms\" alone says the same."},
      {"uniform", {"low", "high"}, "uniform(5ms, 40ms)", "All from low to high equally likely."},
      {"normal",
       {"mean", "deviation"},
       "normal(mean=20ms, deviation=5ms)",
       "Normal, cut at 0 from below."},
      {"lognormal",
       {"median", "sigma"},
       "lognormal(median=2ms, sigma=0.6)",
       "The logarithm is normal with deviation sigma, at most 4."},
      {"exponential", {"mean"}, "exponential(mean=5min)", "Memoryless, with this mean."},
      {"weibull",
       {"shape", "scale"},
       "weibull(shape=0.59, scale=41min)",
       "The share above t is exp(-(t / scale)^shape); shape from 0.1 to 100."},
      {"pareto",
       {"shape", "scale"},
       "pareto(shape=1.5, scale=10min)",
       "The share above t is (scale / t)^shape, none below scale; shape from 0.1 to 100."},
  };
  return catalogue;
}

namespace {

tl::expected<Distribution, std::string> parse(std::string_view text, const ParameterReader& unit) {
  const auto form = parse_call(text);
  if (!form) return tl::unexpected(form.error());
  if (!form->has_arguments && !form->name.empty() && form->name[0] >= '0' && form->name[0] <= '9') {
    const auto delay = unit(text);
    if (!delay) return tl::unexpected(delay.error());
    return Distribution::constant(*delay);
  }
  const DistributionInfo* info = find_info(form->name);
  if (info == nullptr) {
    std::vector<std::string> names;
    for (const DistributionInfo& known : distribution_catalogue()) names.emplace_back(known.name);
    return tl::unexpected(fmt::format("unknown distribution `{}`{}", form->name,
                                      suggestion(form->name, "there are", names)));
  }
  if (!form->suffix.empty()) {
    return tl::unexpected(fmt::format("`{}` cannot follow a distribution", form->suffix));
  }
  const auto texts = arrange(*info, *form);
  if (!texts) return tl::unexpected(texts.error());
  return make(*info, *texts, unit);
}

}  // namespace

tl::expected<Distribution, std::string> parse_distribution(std::string_view text,
                                                           std::optional<Duration> limit) {
  return parse(text, delays(limit));
}

tl::expected<Distribution, std::string> parse_size_distribution(std::string_view text) {
  return parse(text, read_size);
}

}  // namespace macula::sim
