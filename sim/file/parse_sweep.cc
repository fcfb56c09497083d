// [sweep].
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text/suggest.h"
#include "sim/file/parse_fields.h"
#include "sim/file/parse_sections.h"

namespace macula::sim {
namespace {

// The text that `--set` reads as this value again.
std::string override_text(const DocumentValue& value) {
  const bool bare = value.kind == DocumentValue::Kind::text && !parse_value(value.text);
  return bare ? value.text : render(value);
}

void read_axis(const DocumentMember& member, Problems& problems, Sweep& sweep) {
  SweepAxis axis{member.key, {}, member.place};
  if (member.value.kind != DocumentValue::Kind::list || member.value.items.empty()) {
    problems.at(member, fmt::format("`{}` takes a list of values, as in [1, 3, 10]", member.key));
    return;
  }
  for (const DocumentValue& value : member.value.items) axis.values.push_back(override_text(value));
  sweep.axes.push_back(std::move(axis));
}

constexpr std::array<std::string_view, 6> kBoundKeys{"equals",  "at_least", "at_most",
                                                     "between", "near",     "gate"};

std::string known_bounds() {
  return fmt::format("{}", fmt::join(kBoundKeys, ", "));
}

bool is_bound(std::string_view key) {
  return std::find(kBoundKeys.begin(), kBoundKeys.end(), key) != kBoundKeys.end();
}

// Which of its bounds an [[expect]] has; empty: none.
std::string_view bound_of(const DocumentValue& expectation) {
  for (const std::string_view key : kBoundKeys) {
    if (find(expectation, key) != nullptr) return key;
  }
  return {};
}

class PointReader {
 public:
  PointReader(const DocumentValue& root, Problems& problems, Sweep& sweep)
      : root_(root), problems_(problems), sweep_(sweep) {}

  void read(const DocumentValue& table) {
    Fields fields(table, problems_);
    SweepPoint point;
    point.place = table.place;
    if (const DocumentValue* set = fields.table("set")) read_set(*set, point);
    if (const DocumentValue* expect = fields.table("expect")) read_expected(*expect, point);
    if (first_ == nullptr) first_ = &table;
    for (const std::string_view key : {"set", "expect"}) {
      compare(key, find(*first_, key), find(table, key), table);
    }
    for (const SweepPoint& other : sweep_.points) {
      if (other.set != point.set) continue;
      problems_.at(table,
                   fmt::format("the point of line {} sets the same values", other.place.line));
      break;
    }
    sweep_.points.push_back(std::move(point));
  }

 private:
  void read_set(const DocumentValue& set, SweepPoint& point) {
    if (set.members.empty()) problems_.at(set, "`set` names at least one key");
    for (const DocumentMember& member : set.members) {
      const bool dotted = member.key.find('.') != std::string::npos;
      if (!dotted && member.value.kind == DocumentValue::Kind::table) {
        problems_.at(
            member,
            fmt::format("write a key with dots in quotes, as in \"{}.{}\" = ..", member.key,
                        member.value.members.empty() ? "k" : member.value.members.front().key));
        continue;
      }
      point.set.emplace_back(member.key, override_text(member.value));
    }
  }

  void read_expected(const DocumentValue& expect, SweepPoint& point) {
    for (const DocumentMember& member : expect.members) {
      const DocumentValue* expectation = find_expectation(member);
      if (expectation == nullptr) continue;
      if (member.value.kind == DocumentValue::Kind::table) {
        for (const DocumentMember& bound : member.value.members) {
          if (is_bound(bound.key)) {
            add_bound(member.key, *expectation, bound.key, bound.value, point);
          } else {
            problems_.at(bound, fmt::format("unknown key `{}`: a point may say {}", bound.key,
                                            known_bounds()));
          }
        }
      } else if (const std::string_view key = bound_of(*expectation); !key.empty()) {
        add_bound(member.key, *expectation, key, member.value, point);
      }
    }
  }

  // As an override names it, which ends at the first "=".
  void add_bound(const std::string& name, const DocumentValue& expectation, std::string_view key,
                 const DocumentValue& value, SweepPoint& point) const {
    const bool nameable = name.find('=') == std::string::npos;
    const auto place = &expectation - find(root_, "expect")->items.data();
    point.expected.emplace_back(
        fmt::format("expect.{}.{}", nameable ? name : std::to_string(place), key),
        override_text(value));
  }

  // The [[expect]] that the key names; reported where it is not one.
  const DocumentValue* find_expectation(const DocumentMember& member) {
    std::vector<std::string> names;
    std::vector<const DocumentValue*> found;
    const DocumentValue* list = find(root_, "expect");
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      const DocumentValue& item = list->items[i];
      const DocumentValue* name = find_text(item, "name");
      if (name == nullptr) continue;
      names.push_back(name->text);
      if (name->text == member.key) found.push_back(&item);
    }
    if (found.size() == 1) return found.front();
    problems_.at(member, found.empty()
                             ? fmt::format("there is no [[expect]] `{}`{}", member.key,
                                           suggestion(member.key, "there are", names))
                             : fmt::format("{} of [[expect]] are named `{}`: give each a name of "
                                           "its own",
                                           found.size(), member.key));
    return nullptr;
  }

  // A key that one point has and another lacks is most likely forgotten there.
  void compare(std::string_view what, const DocumentValue* first, const DocumentValue* here,
               const DocumentValue& table) {
    const auto report = [&](const DocumentValue* has, const DocumentValue* lacks,
                            std::string_view how) {
      for (std::size_t i = 0; has != nullptr && i < has->members.size(); ++i) {
        const std::string& key = has->members[i].key;
        if (lacks != nullptr && find(*lacks, key) != nullptr) continue;
        problems_.at(table, fmt::format("`{}` of this point {}", what,
                                        fmt::format(fmt::runtime(how), key, first_->place.line)));
      }
    };
    report(first, here, "lacks `{}`, which that of line {} has");
    report(here, first, "has `{}`, which that of line {} lacks");
  }

  const DocumentValue& root_;
  Problems& problems_;
  Sweep& sweep_;
  const DocumentValue* first_ = nullptr;  // of the points
};

}  // namespace

void read_sweep(const DocumentValue& root, Problems& problems, Scenario& scenario) {
  const DocumentValue* table = find(root, "sweep");
  if (table == nullptr || table->kind != DocumentValue::Kind::table) return;
  Fields fields(*table, problems);
  std::string seeds;
  if (fields.text("seeds", seeds)) {
    scenario.sweep.seeds = parse_seed_range(seeds);
    if (!scenario.sweep.seeds) {
      problems.at(*find(*table, "seeds"),
                  "`seeds` takes A..B, two numbers with A <= B, as in \"1..20\"");
    }
  }
  const DocumentValue* grid = fields.table("grid");
  if (const DocumentMember* points = find_member(*table, "point")) {
    if (grid != nullptr) problems.at(*points, "a sweep has a grid or points, not both");
    PointReader reader(root, problems, scenario.sweep);
    for (const DocumentValue& point : points->value.items) {
      if (point.kind == DocumentValue::Kind::table) reader.read(point);
    }
  }
  if (grid == nullptr) return;
  for (const DocumentMember& member : grid->members) read_axis(member, problems, scenario.sweep);
}

}  // namespace macula::sim
