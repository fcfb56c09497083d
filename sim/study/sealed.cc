#include "sim/study/sealed.h"

#include <fmt/format.h>

#include "sim/study/unit.h"

namespace macula::sim {
namespace {

using Json = nlohmann::json;
constexpr std::size_t kSha256Digits = 64;
constexpr const char* kHash = "sha256";
constexpr const char* kSchema = "schema";

tl::unexpected<std::string> refused(std::string why) {
  return tl::unexpected(std::move(why));
}

constexpr const char* kAltered = "it was altered: its SHA-256 is not the one that it states";

// Empty where a text may be read at all.
std::string wrong_size(std::string_view text) {
  if (text.empty()) return "the file is empty";
  if (text.size() <= kSealedBytesMax) return {};
  return fmt::format("it is larger than {} MiB", kSealedBytesMax >> 20);
}

// Whether the digits at `at` are those of the whole text.
bool states_its_hash(std::string_view text, std::size_t at) {
  std::string zeroed(text);
  zeroed.replace(at, kSha256Digits, kSha256Digits, '0');
  return sha256_text(zeroed) == text.substr(at, kSha256Digits);
}

}  // namespace

std::string sealed(const nlohmann::ordered_json& members) {
  nlohmann::ordered_json document = {{kSchema, kResultSchema},
                                     {kHash, std::string(kSha256Digits, '0')}};
  for (const auto& [key, value] : members.items()) document[key] = value;
  using Handler = nlohmann::ordered_json::error_handler_t;
  std::string text = document.dump(-1, ' ', false, Handler::replace) + "\n";
  const std::string hash = sha256_text(text);
  text.replace(text.find(std::string(kSha256Digits, '0')), kSha256Digits, hash);
  return text;
}

tl::expected<Json, std::string> unsealed(std::string_view text) {
  if (std::string wrong = wrong_size(text); !wrong.empty()) return refused(std::move(wrong));
  Json document = Json::parse(text, nullptr, false);
  if (document.is_discarded()) return refused("it is cut off, or no JSON at all");
  if (!document.is_object()) return refused("it is no object of JSON");
  const auto schema = document.find(kSchema);
  if (schema == document.end() || !schema->is_number_integer()) {
    return refused("it has no `schema`: macula-sim did not write it");
  }
  if (*schema != kResultSchema) {
    return refused(fmt::format("it has schema {}, and this program reads schema {}", schema->dump(),
                               kResultSchema));
  }
  const auto hash = document.find(kHash);
  if (hash == document.end() || !hash->is_string()) {
    return refused("it has no `sha256`: it is no file of a store");
  }
  const auto& said = hash->get_ref<const std::string&>();
  const std::size_t at = said.size() == kSha256Digits ? text.find(said) : std::string_view::npos;
  if (at == std::string_view::npos) return refused("its `sha256` is no hash");
  if (!states_its_hash(text, at)) return refused(kAltered);
  return document;
}

std::string broken_seal(std::string_view text) {
  if (std::string wrong = wrong_size(text); !wrong.empty()) return wrong;
  const std::string head = fmt::format("{{\"{}\":{},\"{}\":\"", kSchema, kResultSchema, kHash);
  if (text.substr(0, head.size()) != head || text.size() < head.size() + kSha256Digits) {
    return fmt::format("it is no file of a store of schema {}, or was cut off", kResultSchema);
  }
  return states_its_hash(text, head.size()) ? std::string() : kAltered;
}

}  // namespace macula::sim
