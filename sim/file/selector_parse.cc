#include "sim/file/selector_parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "base/text/suggest.h"
#include "base/text/units.h"
#include "sim/file/parse_call.h"
#include "sim/file/parse_fields.h"

namespace macula::sim {
namespace {

constexpr int kDepthMax = 8;  // any(sample(..)) within each other
constexpr std::uint32_t kNumberMax = 10'000'000;

using Result = tl::expected<Selector, std::string>;

Result parse_at_depth(std::string_view text, int depth);

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

// "key=value" is a key like others here: selectors take their arguments by position.
std::string plain_text(const CallArgument& argument) {
  return argument.name.empty() ? argument.text : argument.raw;
}

Result parse_plain(std::string_view text) {
  Selector selector;
  selector.text = text;
  if (text == "all") return selector;
  const std::size_t hash = text.find('#');
  selector.name = text.substr(0, hash);
  if (const std::string wrong = check_new_name(selector.name); !wrong.empty()) {
    return tl::unexpected(fmt::format("{} in the selector `{}`", wrong, text));
  }
  selector.kind = Selector::Kind::named;
  if (hash == std::string_view::npos) return selector;
  selector.kind = Selector::Kind::indexed;
  const auto index = parse_count(text.substr(hash + 1), kNumberMax);
  if (!index) return tl::unexpected(fmt::format("`{}`: {}", text, index.error()));
  selector.number = static_cast<std::uint32_t>(*index);
  return selector;
}

Result parse_drawn(const CallForm& form, Selector selector, int depth) {
  const bool sample = form.name == "sample";
  if (form.arguments.size() != (sample ? 2U : 1U)) {
    return tl::unexpected(
        std::string(sample ? "write it as in \"sample(eu, 10%)\"" : "write it as in \"any(eu)\""));
  }
  selector.kind = sample ? Selector::Kind::sample : Selector::Kind::any;
  auto from = parse_at_depth(plain_text(form.arguments[0]), depth + 1);
  if (!from) return from;
  selector.members.push_back(std::move(*from));
  if (sample) {
    const auto share = parse_share(form.arguments[1].text);
    if (!share) return tl::unexpected(share.error());
    selector.share_ppm = *share;
  }
  return selector;
}

Result parse_of_key(const CallForm& form, Selector selector) {
  const bool closest = form.name != "holders";
  if (form.arguments.size() != (closest ? 2U : 1U)) {
    return tl::unexpected(std::string(
        closest ? "write it as in \"closest(key, 8)\"; a key with a comma or parentheses stands in "
                  "quotes"
                : "write it as in \"holders(key)\"; a key with a comma or parentheses stands in "
                  "quotes"));
  }
  selector.kind = form.name == "closest"        ? Selector::Kind::closest
                  : form.name == "closest_live" ? Selector::Kind::closest_live
                                                : Selector::Kind::holders;
  selector.name = plain_text(form.arguments[0]);
  if (closest) {
    const auto number = parse_count(form.arguments[1].text, kNumberMax);
    if (!number) return tl::unexpected(number.error());
    if (*number == 0) return tl::unexpected(std::string("0 nodes are none"));
    selector.number = static_cast<std::uint32_t>(*number);
  }
  return selector;
}

// Where the first `+` outside of parentheses and quotes stands; npos: nowhere.
std::size_t find_plus(std::string_view text) {
  int open = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(') {
      ++open;
    } else if (c == ')') {
      --open;
    } else if (c == '+' && open == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

// "a + b + c": the list of what stands between the signs.
Result parse_sum(std::string_view text, int depth) {
  Selector list;
  list.kind = Selector::Kind::list;
  list.text = text;
  for (std::size_t plus = 0; plus != std::string_view::npos;) {
    plus = find_plus(text);
    auto member = parse_at_depth(text.substr(0, plus), depth + 1);
    if (!member) return member;
    list.members.push_back(std::move(*member));
    if (plus != std::string_view::npos) text.remove_prefix(plus + 1);
  }
  return list;
}

Result parse_at_depth(std::string_view text, int depth) {
  if (depth > kDepthMax) return tl::unexpected(std::string("selectors nest too deeply"));
  text = trim(text);
  if (text.empty()) return tl::unexpected(std::string("an empty selector"));
  if (find_plus(text) != std::string_view::npos) return parse_sum(text, depth);
  if (text.find('(') == std::string_view::npos) return parse_plain(text);
  const auto form = parse_call(text);
  if (!form) return tl::unexpected(fmt::format("`{}`: {}", text, form.error()));
  if (!form->suffix.empty()) {
    return tl::unexpected(fmt::format("`{}` cannot follow a selector", form->suffix));
  }
  Selector selector;
  selector.text = text;
  if (form->name == "any" || form->name == "sample") {
    return parse_drawn(*form, std::move(selector), depth);
  }
  if (form->name == "closest" || form->name == "closest_live" || form->name == "holders") {
    return parse_of_key(*form, std::move(selector));
  }
  return tl::unexpected(
      fmt::format("unknown selector `{}`{}", form->name,
                  suggestion(form->name, "there are",
                             {"any", "sample", "closest", "closest_live", "holders"})));
}

std::string unknown_name(std::string_view name, const PopulationNames& names) {
  std::vector<std::string> candidates;
  for (const auto& [known, count] : names) {
    if (candidates.size() == kCandidatesMax) break;
    candidates.push_back(known);
  }
  return fmt::format("there is no node or group `{}`{}", name,
                     suggestion(name, "there are", candidates));
}

std::string check_indexed(std::string_view name, std::uint32_t index,
                          const PopulationNames& names) {
  const auto at = names.find(name);
  if (at == names.end()) return unknown_name(name, names);
  if (!at->second) return fmt::format("`{0}` is a single node: write `{0}` without #", name);
  const GroupNumbers& group = *at->second;
  if (group.place_of(index)) return {};
  if (index < group.count) return fmt::format("`{}#{}` is left out of its group", name, index);
  return fmt::format("`{}` has {} nodes: its last is `{}#{}`", name, group.count, name,
                     group.count - 1);
}

}  // namespace

const std::vector<SelectorInfo>& selector_catalogue() {
  static const std::vector<SelectorInfo> catalogue = {
      {"NAME", "eu", "The node of this name, or all nodes of the group."},
      {"NAME#N", "eu#0", "One node of a group, counted from 0."},
      {"any(SELECTOR)", "any(eu)", "One live node of them, drawn anew at each use."},
      {"sample(SELECTOR, SHARE)", "sample(eu, 10%)", "A share of them, drawn anew at each use."},
      {"closest(KEY, N)", "closest(calc.add, 8)",
       "The N nodes, dead or alive, whose ids are closest to the key."},
      {"closest_live(KEY, N)", "closest_live(calc.add, 8)",
       "The N live nodes whose ids are closest to the key."},
      {"holders(KEY)", "holders(calc.add)", "The live nodes whose stores hold the key."},
      {"all", "all", "Every node."},
      {"SELECTOR + SELECTOR", "eu + us#3", "All nodes that one of them selects."},
      {"[SELECTOR, ..]", "[\"eu\", \"us#3\"]", "All nodes that one of the entries selects."},
  };
  return catalogue;
}

Result parse_selector(std::string_view text) {
  return parse_at_depth(text, 0);
}

std::string check_selector(const Selector& selector, const PopulationNames& names) {
  switch (selector.kind) {
    case Selector::Kind::all:
    case Selector::Kind::closest:
    case Selector::Kind::closest_live:
    case Selector::Kind::holders:
      return {};
    case Selector::Kind::named:
      return names.find(selector.name) == names.end() ? unknown_name(selector.name, names)
                                                      : std::string();
    case Selector::Kind::indexed:
      return check_indexed(selector.name, selector.number, names);
    case Selector::Kind::any:
    case Selector::Kind::sample:
    case Selector::Kind::list:
      for (const Selector& member : selector.members) {
        if (std::string wrong = check_selector(member, names); !wrong.empty()) return wrong;
      }
      return {};
  }
  return {};
}

std::string check_node_name(std::string_view name, const PopulationNames& names) {
  const auto selector = parse_plain(name);
  if (!selector) return selector.error();
  if (selector->kind == Selector::Kind::indexed) {
    return check_indexed(selector->name, selector->number, names);
  }
  const auto at = names.find(name);
  if (at == names.end()) return unknown_name(name, names);
  if (at->second) return fmt::format("`{0}` is a group: name one of its nodes, as `{0}#0`", name);
  return {};
}

std::string check_new_name(std::string_view name) {
  if (name.empty()) return "an empty name";
  if (name.size() > kNameBytesMax) return fmt::format("a name has at most {} bytes", kNameBytesMax);
  const bool good = std::all_of(name.begin(), name.end(), is_name_letter) && name[0] != '-' &&
                    name[0] != '_' && name[0] != '.';
  if (!good) return fmt::format("`{}` is no name: letters, digits, `-`, `_`, `.`", name);
  if (name == "all") return "`all` is the selector of every node, not a name";
  return {};
}

std::string wrong_without_keys(const Selector& selector) {
  using Kind = Selector::Kind;
  if (selector.kind == Kind::closest || selector.kind == Kind::closest_live ||
      selector.kind == Kind::holders) {
    return fmt::format("`{}`: the nodes of this protocol are near to no key and hold none",
                       selector.text);
  }
  for (const Selector& member : selector.members) {
    if (std::string wrong = wrong_without_keys(member); !wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace macula::sim
