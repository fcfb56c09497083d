#include "codec.h"

#include <utility>

#include "base/hash.h"

namespace gossip {
namespace {

constexpr std::size_t kKindBytes = 1;
constexpr std::size_t kCountBytes = 4;
constexpr std::size_t kIdBytes = 8;

void put(std::string& bytes, std::uint64_t number, std::size_t width) {
  for (std::size_t i = width; i-- > 0;) bytes.push_back(static_cast<char>(number >> (8 * i)));
}

// Takes numbers and texts from the front; nothing where too little is left.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::optional<std::string_view> text(std::size_t length) {
    if (length > rest_.size()) return std::nullopt;
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }
  std::optional<std::uint64_t> number(std::size_t width) {
    const auto bytes = text(width);
    if (!bytes) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : *bytes) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

std::string encode(const Rumours& message) {
  std::string bytes;
  put(bytes, static_cast<std::uint64_t>(message.kind), kKindBytes);
  put(bytes, message.known.size(), kCountBytes);
  for (const std::uint64_t id : message.known) put(bytes, id, kIdBytes);
  put(bytes, message.rumours.size(), kCountBytes);
  for (const Rumour& rumour : message.rumours) {
    put(bytes, rumour.id, kIdBytes);
    put(bytes, rumour.text.size(), kCountBytes);
    bytes += rumour.text;
  }
  return bytes;
}

std::optional<Rumours> decode(std::string_view bytes) {
  Reader reader(bytes);
  const auto kind = reader.number(kKindBytes);
  if (!kind || *kind > static_cast<std::uint64_t>(Rumours::Kind::pull_reply)) return std::nullopt;
  Rumours message;
  message.kind = static_cast<Rumours::Kind>(*kind);
  const auto ids = reader.number(kCountBytes);
  for (std::uint64_t i = 0; ids && i < *ids; ++i) {
    const auto id = reader.number(kIdBytes);
    if (!id) return std::nullopt;
    message.known.push_back(*id);
  }
  const auto rumours = reader.number(kCountBytes);
  if (!rumours) return std::nullopt;
  for (std::uint64_t i = 0; i < *rumours; ++i) {
    const auto id = reader.number(kIdBytes);
    const auto length = reader.number(kCountBytes);
    const auto text = length ? reader.text(*length) : std::nullopt;
    if (!id || !text) return std::nullopt;
    message.rumours.push_back({*id, std::string(*text)});
  }
  return reader.done() ? std::optional(std::move(message)) : std::nullopt;
}

std::size_t RumourCodec::size(const Rumours& message) const {
  std::size_t bytes = kKindBytes + 2 * kCountBytes + kIdBytes * message.known.size();
  for (const Rumour& rumour : message.rumours) bytes += kIdBytes + kCountBytes + rumour.text.size();
  return bytes;
}

std::uint64_t RumourCodec::fingerprint(const Rumours& message) const {
  return macula::hash_bytes(encode(message));
}

std::string_view RumourCodec::name(const Rumours& message) const {
  switch (message.kind) {
    case Rumours::Kind::news:
      return "news";
    case Rumours::Kind::pull:
      return "pull";
    case Rumours::Kind::pull_reply:
      return "pull_reply";
  }
  return "unknown";
}

bool RumourCodec::recode(Rumours& message, macula::transport::Peer /*from*/,
                         std::optional<std::uint64_t> /*chunks*/) const {
  auto decoded = decode(encode(message));
  if (!decoded) return false;
  message = std::move(*decoded);
  return true;
}

Rumours RumourCodec::greeting(macula::transport::Peer /*self*/) const {
  return {Rumours::Kind::pull, {}, {}};
}

}  // namespace gossip
