#include "sim/study/sweep_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/text/printable.h"
#include "base/text/quotes.h"
#include "sim/file/parse.h"
#include "sim/study/worlds.h"

namespace macula::sim {
namespace {

using Error = tl::unexpected<std::string>;

std::string point_text(const std::vector<SweepAxis>& axes, const std::vector<std::string>& values) {
  std::string text;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    text += fmt::format("{}{}={}", i == 0 ? "" : ", ", axes[i].key, values[i]);
  }
  return printable(text, Lines::one);
}

std::vector<SweepAxis>::iterator find_axis(std::vector<SweepAxis>& axes, const std::string& key) {
  return std::find_if(axes.begin(), axes.end(),
                      [&](const SweepAxis& each) { return each.key == key; });
}

// The axes of the command line go over those of the file.
std::vector<SweepAxis> all_axes(const Sweep& of_file, const std::vector<SweepAxis>& given) {
  std::vector<SweepAxis> axes = of_file.axes;
  for (const SweepAxis& axis : given) {
    const auto same = find_axis(axes, axis.key);
    if (same == axes.end()) {
      axes.push_back(axis);
    } else {
      *same = axis;
    }
  }
  return axes;
}

bool has(const SweepAxis& axis, const std::string& value) {
  return std::find(axis.values.begin(), axis.values.end(), value) != axis.values.end();
}

// The keys that the file's own points set, with all their values.
std::vector<SweepAxis> listed_axes(const std::vector<SweepPoint>& points) {
  std::vector<SweepAxis> axes;
  for (const SweepPoint& point : points) {
    for (std::size_t i = 0; i < point.set.size(); ++i) {
      const auto& [key, value] = point.set[i];
      if (i == axes.size()) axes.push_back({key, {}, point.place});
      if (!has(axes[i], value)) axes[i].values.push_back(value);
    }
  }
  return axes;
}

// Where an axis stands: "heal.toml:12:3", or the option.
std::string place_of(const SweepAxis& axis, const std::string& file) {
  if (axis.place.line == 0) return "--grid " + printable(axis.key, Lines::one);
  return fmt::format("{}:{}:{}", file, axis.place.line, axis.place.column);
}

// Why an axis cannot be; empty: it can.
std::string refusal_of(const SweepAxis& axis) {
  if (axis.key == "scenario.seed") return "seeds are given by --seeds, or `seeds` in [sweep]";
  if (axis.key == "sweep" || axis.key.rfind("sweep.", 0) == 0) return "a sweep sweeps no sweep";
  return {};
}

class Making {
 public:
  Making(const Kit& kit, const Campaign& campaign) : kit_(kit), campaign_(campaign) {}

  tl::expected<SweepBatch, std::string> make(const std::vector<SweepAxis>& given) {
    const std::string& file = campaign_.paths[0];
    const auto base = parse_scenario(kit_, file, campaign_.overrides);
    if (!base) return Error(format(base.error()));
    if (std::string wrong = take_axes(base->sweep, given); !wrong.empty()) {
      return Error(std::move(wrong));
    }
    const auto seeds = campaign_.seeds ? campaign_.seeds : base->sweep.seeds;
    if (!seeds)
      return Error(file + ": error: which seeds? give --seeds A..B, or `seeds` in [sweep]\n");
    if (sweep_.axes.empty()) {
      return Error(
          file +
          ": error: there is nothing to sweep: give --grid KEY=V1,V2,.., or `grid` or points in "
          "[sweep]\n");
    }
    if (std::string wrong = check_size(*seeds); !wrong.empty()) return Error(std::move(wrong));
    for (const SweepAxis& axis : sweep_.axes) {
      if (const std::string why = refusal_of(axis); !why.empty()) {
        return Error(fmt::format("{}: error: {}\n", place_of(axis, file), why));
      }
    }
    sweep_.batch.scenarios.reserve(points_);
    for (std::size_t i = 0; i < points_; ++i) {
      if (std::string wrong = add_point(i); !wrong.empty()) return Error(std::move(wrong));
    }
    for (const Scenario& scenario : sweep_.batch.scenarios) {
      for (std::size_t i = 0; i < sweep_.seeds; ++i) {
        sweep_.batch.runs.push_back({&scenario, seeds->first + i});
      }
    }
    sweep_.batch.warnings = format(base->warnings);
    return std::move(sweep_);
  }

 private:
  // Those of the file's own points stay that have the values of --grid; other keys of it vary at
  // each of them. The error; empty: there is none.
  std::string take_axes(const Sweep& of_file, const std::vector<SweepAxis>& given) {
    sweep_.axes = listed_axes(of_file.points);
    listed_ = sweep_.axes.size();
    std::vector<SweepAxis> others;
    rows_ = of_file.points;
    for (const SweepAxis& axis : given) {
      const auto listed = find_axis(sweep_.axes, axis.key);
      if (listed == sweep_.axes.end()) {
        others.push_back(axis);
        continue;
      }
      for (const std::string& value : axis.values) {
        if (has(*listed, value)) continue;
        return fmt::format("{}: error: no point of [sweep] has {}={}; there are {}\n",
                           campaign_.paths[0], axis.key, value, fmt::join(listed->values, ", "));
      }
      const auto at = static_cast<std::size_t>(listed - sweep_.axes.begin());
      std::erase_if(rows_, [&](const SweepPoint& row) { return !has(axis, row.set[at].second); });
    }
    if (rows_.empty() && !of_file.points.empty()) {
      return campaign_.paths[0] + ": error: no point of [sweep] has all the values of --grid\n";
    }
    if (rows_.empty()) rows_.emplace_back();
    const std::vector<SweepAxis> more = all_axes(of_file, others);
    sweep_.axes.insert(sweep_.axes.end(), more.begin(), more.end());
    return {};
  }

  std::string check_size(const SeedRange& seeds) {
    points_ = rows_.size();
    for (std::size_t i = listed_; i < sweep_.axes.size(); ++i) {
      points_ *= sweep_.axes[i].values.size();
      if (points_ > kMostPoints)
        return fmt::format("{}: error: the grid has more than {} points\n", campaign_.paths[0],
                           kMostPoints);
    }
    const std::uint64_t more = seeds.last - seeds.first;
    if (more >= kMostRuns / points_) {
      return fmt::format("{}: error: {} points with the seeds {} to {} are more than {} runs\n",
                         campaign_.paths[0], points_, seeds.first, seeds.last, kMostRuns);
    }
    sweep_.seeds = static_cast<std::size_t>(more) + 1;
    return {};
  }

  // Its error; empty: there is none.
  std::string add_point(std::size_t number) {
    std::vector<std::string> values(sweep_.axes.size());
    for (std::size_t i = sweep_.axes.size(); i-- > listed_;) {
      const auto& choices = sweep_.axes[i].values;
      values[i] = choices[number % choices.size()];
      number /= choices.size();
    }
    const SweepPoint& row = rows_[number];
    for (std::size_t i = 0; i < listed_; ++i) values[i] = row.set[i].second;
    Overrides overrides = campaign_.overrides;
    for (std::size_t i = 0; i < values.size(); ++i) {
      overrides.emplace_back(sweep_.axes[i].key, values[i]);
    }
    overrides.insert(overrides.end(), row.expected.begin(), row.expected.end());
    const std::string& file = campaign_.paths[0];
    const std::string point = point_text(sweep_.axes, values);
    auto scenario = parse_scenario(kit_, file, overrides);
    if (!scenario) {
      std::string places;
      for (const SweepAxis& axis : sweep_.axes) {
        if (axis.place.line != 0) places = place_of(axis, file) + ": ";
      }
      if (listed_ != 0) places = fmt::format("{}:{}:{}: ", file, row.place.line, row.place.column);
      return fmt::format("{}the point {} is no scenario:\n{}", places, point,
                         format(scenario.error()));
    }
    if (const std::string why = refusal(campaign_.world, *scenario); !why.empty()) {
      return fmt::format("{}: error: the point {}: {}\n", file, point, why);
    }
    const auto [same, fresh] = by_hash_.emplace(scenario->hash, point);
    if (!fresh) {
      return fmt::format("{}: error: the points {} and {} are the same scenario\n", file,
                         same->second, point);
    }
    sweep_.batch.scenarios.push_back(std::move(*scenario));
    sweep_.points.push_back(std::move(values));
    return {};
  }

  const Kit& kit_;
  const Campaign& campaign_;
  SweepBatch sweep_;
  std::vector<SweepPoint> rows_;  // the file's own points; without such, one that sets nothing
  std::size_t listed_ = 0;        // axes that they set: the first ones
  std::size_t points_ = 0;
  std::map<std::uint64_t, std::string> by_hash_;
};

}  // namespace

tl::expected<SweepAxis, std::string> parse_axis(std::string_view text) {
  const auto refused = [&](const char* why) {
    return Error(
        fmt::format("--grid takes KEY=V1,V2,.., as in protocol.alpha=1,3, not '{}'{}", text, why));
  };
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) return refused("");
  SweepAxis axis{std::string(text.substr(0, equals)), {}, {}};
  std::string value;
  std::string open;  // the marks that are still to be closed
  for (const char c : text.substr(equals + 1)) {
    const bool quoted = !open.empty() && is_quote(open.back());
    if (!open.empty() && c == open.back()) {
      open.pop_back();
    } else if (!quoted && is_quote(c)) {
      open.push_back(c);
    } else if (!quoted && (c == '(' || c == '[' || c == '{')) {
      open.push_back(c == '(' ? ')' : c == '[' ? ']' : '}');
    } else if (open.empty() && c == ',') {
      axis.values.push_back(std::exchange(value, {}));
      continue;
    }
    value.push_back(c);
  }
  if (!open.empty()) return refused(": a quote, parenthesis or bracket is not closed");
  axis.values.push_back(value);
  const bool empty = std::any_of(axis.values.begin(), axis.values.end(),
                                 [](const std::string& each) { return each.empty(); });
  if (empty) return refused(": a value is empty");
  return axis;
}

tl::expected<SweepBatch, std::string> make_sweep(const Kit& kit, const Campaign& campaign,
                                                 const std::vector<SweepAxis>& axes) {
  return Making(kit, campaign).make(axes);
}

}  // namespace macula::sim
