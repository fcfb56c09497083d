// The keys of the verbs, as their rows have them.
#include <fmt/format.h>

#include "sim/file/key_makers.h"
#include "sim/file/keys.h"

namespace macula::sim {
namespace {

std::string type_of(const VerbKey& key) {
  switch (key.type) {
    case KeyType::selector:
      return "selector";
    case KeyType::sides:
      return "[selector, selector]";
    case KeyType::name:
      return "text";
    case KeyType::choice:
      return key.words.size() == 1 ? fmt::format("\"{}\"", key.words.front())
                                   : fmt::format("{}", fmt::join(key.words, ", "));
    case KeyType::boolean:
      return "boolean";
    case KeyType::duration:
      return "duration";
    case KeyType::stored:
      return "text, or `{ bytes = size }`, or of sizes drawn";
    case KeyType::arguments:
      return "table";
  }
  return {};
}

// The value where it is left out, and that is no constant.
std::string otherwise(const VerbKey& key) {
  if (key.type == KeyType::arguments) return "{}";
  return key.follows.empty() ? std::string(key.otherwise) : fmt::format("`{}`", key.follows);
}

std::string table_of(const Verb& verb) {
  return fmt::format("at.{}", verb.name);
}

// As a key of [[at]].
KeyInfo key_of(const Verb& verb) {
  KeyInfo info = optional("at", verb.name, "table", "none", verb.example, verb.about);
  const std::string alone = verb.form == VerbForm::table ? "" : type_of(verb.keys.front());
  if (verb.form != VerbForm::value) info.inner = table_of(verb);
  if (verb.form == VerbForm::value) info.type = alone;
  if (verb.form == VerbForm::value_or_table) info.type = alone + ", or table";
  return info;
}

void add_table(const Verb& verb, Keys& all) {
  const std::string table = table_of(verb);
  for (const VerbKey& key : verb.keys) {
    all.push_back({table,
                   std::string(key.name),
                   type_of(key),
                   std::string(key.fallback),
                   otherwise(key),
                   key.required(),
                   {},
                   false,
                   std::string(key.example),
                   key.about});
  }
  if (!verb.operation) return;
  if (verb.operation->can_cancel) {
    all.push_back(optional(table, "cancel_after", "duration", "never", "\"200ms\"",
                           "Given up where it has not ended by then."));
  }
  all.push_back(
      optional(table, "label", "text", "that of the step", "\"probe\"", "May stand here, too."));
}

}  // namespace

Keys verb_keys(const std::vector<Verb>& verbs) {
  Keys all;
  for (const Verb& verb : verbs) all.push_back(key_of(verb));
  for (const Verb& verb : verbs) {
    if (verb.form != VerbForm::value) add_table(verb, all);
  }
  return all;
}

}  // namespace macula::sim
