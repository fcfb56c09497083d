#include "sim/file/parse_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "sim/file/keys.h"
#include "sim/file/parse_fields.h"
#include "sim/file/parse_payload.h"
#include "sim/file/selector_members.h"
#include "sim/scenario/placeholder.h"

namespace macula::sim {
namespace {

constexpr std::size_t kKeyBytesMax = 1024;

std::string wrong_placeholders(const Selector& selector) {
  std::string wrong = wrong_name_placeholder(selector.name, Placeholders::numbered);
  for (const Selector& member : selector.members) {
    if (wrong.empty()) wrong = wrong_placeholders(member);
  }
  return wrong;
}

// "Ends every partition." as it stands in a sentence.
std::string inside_sentence(std::string_view about) {
  std::string text(about.substr(0, about.find_last_not_of('.') + 1));
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + 32);
  return text;
}

class ArgumentReader {
 public:
  ArgumentReader(const Verb& verb, const ArgumentLimits& limits, Problems& problems)
      : verb_(verb), limits_(limits), problems_(problems) {}

  std::optional<Arguments> read(const DocumentValue& value) {
    const bool alone = verb_.form == VerbForm::value || (verb_.form == VerbForm::value_or_table &&
                                                         value.kind != DocumentValue::Kind::table);
    if (!alone && value.kind != DocumentValue::Kind::table)
      return std::nullopt;  // reported with the keys
    // A value that stands alone is looked at as a table that holds it under the name of the verb.
    DocumentValue made;
    if (alone) set_member(made, std::string(verb_.name), value);
    for (const VerbKey& key : verb_.keys) {
      const bool is_it = alone && &key == &verb_.keys.front();
      read_key(key, alone ? made : value, is_it ? verb_.name : key.name);
    }
    if (right_ && verb_.check != nullptr) {
      if (const std::string wrong = verb_.check(arguments_); !wrong.empty()) fail(value, wrong);
    }
    return right_ ? std::optional<Arguments>(std::move(arguments_)) : std::nullopt;
  }

 private:
  void fail(const DocumentValue& value, std::string message) {
    problems_.at(value, std::move(message));
    right_ = false;
  }

  // `name`: under which it stands in the table.
  void read_key(const VerbKey& key, const DocumentValue& table, std::string_view name) {
    if (const DocumentValue* value = find(table, name)) {
      auto argument = read_value(key, table, *value, name);
      right_ = right_ && argument;
      if (argument) arguments_.set(key.name, std::move(*argument));
    } else if (!key.fallback.empty()) {
      DocumentValue made;
      set_member(made, std::string(key.name), fallback_value(key.fallback));
      read_key(key, made, key.name);
    } else if (key.type == KeyType::arguments) {
      arguments_.set(key.name, Payload{"{}"});
    } else if (key.required()) {
      right_ = false;  // reported with the keys
    }
  }

  std::optional<Argument> read_value(const VerbKey& key, const DocumentValue& table,
                                     const DocumentValue& value, std::string_view name) {
    Fields fields(table, problems_);
    switch (key.type) {
      case KeyType::selector:
        return selector(value, name);
      case KeyType::sides:
        return sides(value, name);
      case KeyType::name:
        return name_of(fields, value, name);
      case KeyType::choice:
        return choice(key, fields, value, name);
      case KeyType::boolean: {
        bool truth = false;
        if (!fields.boolean(name, truth)) return std::nullopt;
        return truth;
      }
      case KeyType::duration: {
        Duration duration{0};
        if (!fields.duration(name, duration)) return std::nullopt;
        if (duration.count() == 0) fail(value, fmt::format("`{}` cannot be 0", name));
        return duration;
      }
      case KeyType::stored:
        return payload(read_stored(fields, name, limits_.record), value, name);
      case KeyType::arguments:
        return payload(read_sent(fields, name), value, name);
    }
    return std::nullopt;
  }

  std::optional<Argument> selector(const DocumentValue& value, std::string_view name) {
    auto selector = read_selector(value, name, problems_);
    if (!selector) return std::nullopt;
    std::string wrong = problems_.full() ? std::string() : check_selector(*selector, limits_.names);
    if (wrong.empty()) wrong = wrong_placeholders(*selector);
    if (wrong.empty() && !limits_.keyed) wrong = wrong_without_keys(*selector);
    if (!wrong.empty()) fail(value, fmt::format("`{}`: {}", name, wrong));
    return std::move(*selector);
  }

  std::optional<Argument> sides(const DocumentValue& value, std::string_view name) {
    if (value.kind != DocumentValue::Kind::list || value.items.size() != 2) {
      fail(value, fmt::format("`{0}` takes two sides: write `{0} = [\"eu\", \"us\"]`", name));
      return std::nullopt;
    }
    auto a = selector(value.items[0], name);
    auto b = selector(value.items[1], name);
    if (!a || !b) return std::nullopt;
    Sides sides{std::get<Selector>(std::move(*a)), std::get<Selector>(std::move(*b))};
    const std::string both = certain_overlap(sides.a, sides.b, limits_.names);
    if (!both.empty()) {
      fail(value, fmt::format("`{}`: the sides overlap: `{}` is on both", name, both));
    }
    return sides;
  }

  std::optional<Argument> name_of(Fields& fields, const DocumentValue& value,
                                  std::string_view name) {
    std::string text;
    if (!fields.text(name, text, kKeyBytesMax)) return std::nullopt;
    if (text.empty()) fail(value, fmt::format("`{}` is empty", name));
    const std::string wrong = wrong_name_placeholder(text, Placeholders::all);
    if (!wrong.empty()) fail(value, fmt::format("`{}`: {}", name, wrong));
    return text;
  }

  std::optional<Argument> choice(const VerbKey& key, Fields& fields, const DocumentValue& value,
                                 std::string_view name) {
    if (key.words.size() == 1 &&
        (value.kind != DocumentValue::Kind::text || value.text != key.words.front())) {
      fail(value, fmt::format("`{0}` {1}: write `{0} = \"{2}\"`", name,
                              inside_sentence(verb_.about), key.words.front()));
      return std::nullopt;
    }
    std::size_t index = 0;
    if (!fields.word(name, key.words, index)) return std::nullopt;
    return std::string(key.words[index]);
  }

  Argument payload(Payload payload, const DocumentValue& value, std::string_view name) {
    const std::string wrong = wrong_placeholder(payload.text, Placeholders::all);
    if (!wrong.empty()) fail(value, fmt::format("`{}`: {}", name, wrong));
    return payload;
  }

  const Verb& verb_;
  const ArgumentLimits& limits_;
  Problems& problems_;
  Arguments arguments_;
  bool right_ = true;
};

}  // namespace

std::optional<Arguments> read_arguments(const Verb& verb, const DocumentValue& value,
                                        const ArgumentLimits& limits, Problems& problems) {
  return ArgumentReader(verb, limits, problems).read(value);
}

}  // namespace macula::sim
