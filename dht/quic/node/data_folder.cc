#include "dht/quic/node/data_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/hex.h"
#include "dht/quic/node/file_store.h"
#include "dht/quic/udp/secure_random.h"

namespace macula::dht::quic {
namespace {

using Error = tl::unexpected<std::string>;

constexpr std::string_view kIdentityHeader = "macula-node identity 1";
constexpr std::string_view kContactsHeader = "macula-node contacts 1";
constexpr std::size_t kIdentityBytesMax = 4096;
constexpr std::size_t kContactsBytesMax = std::size_t{1} << 20;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// "name HEX" with as many bytes as a secret has.
std::optional<std::string> read_secret(std::string_view line, std::string_view name) {
  if (line.substr(0, name.size()) != name || line.substr(name.size(), 1) != " ") {
    return std::nullopt;
  }
  auto bytes = from_hex(line.substr(name.size() + 1));
  if (!bytes || bytes->size() != kSecretBytes) return std::nullopt;
  return bytes;
}

// "ID ENDPOINT" or "ID ENDPOINT GATEWAY_ID".
std::optional<Contact> read_contact(std::string_view line) {
  const auto words = split(line, ' ');
  if (words.size() < 2 || words.size() > 3) return std::nullopt;
  const auto id = id_from_hex(words[0]);
  const auto endpoint = parse_endpoint(words[1]);
  if (!id || !endpoint) return std::nullopt;
  Contact contact{*id, *endpoint, std::nullopt};
  if (words.size() == 3) {
    contact.relay = id_from_hex(words[2]);
    if (!contact.relay) return std::nullopt;
  }
  return contact;
}

std::string write_contact(const Contact& contact) {
  std::string line = id_to_hex(contact.id) + ' ' + format_endpoint(contact.endpoint);
  if (contact.relay) line += ' ' + id_to_hex(*contact.relay);
  return line + '\n';
}

}  // namespace

Identity make_identity() {
  return {random_bytes(kSecretBytes), random_bytes(kSecretBytes)};
}

tl::expected<DataFolder, std::string> DataFolder::open(const std::string& path) {
  if (auto made = make_private_folder(path); !made) return Error(made.error());
  DataFolder folder(path);
  auto lock = lock_private_file(folder.file("lock"));
  if (!lock) return Error(lock.error());
  folder.lock_ = std::move(*lock);
  if (auto loaded = folder.load_identity(); !loaded) return Error(loaded.error());
  if (auto loaded = folder.load_contacts(); !loaded) folder.set_contacts_aside(loaded.error());
  return folder;
}

void DataFolder::set_contacts_aside(const std::string& why) {
  contacts_.clear();
  const auto aside = set_aside(file("contacts"));
  warnings_.push_back(fmt::format("{}; the node starts without these contacts ({})", why,
                                  aside ? "they are now in " + *aside : aside.error()));
}

std::string DataFolder::file(std::string_view name) const {
  return fmt::format("{}{}{}", path_, path_.back() == '/' ? "" : "/", name);
}

tl::expected<void, std::string> DataFolder::load_identity() {
  const std::string name = file("identity");
  const auto text = read_private_file(name, kIdentityBytesMax);
  if (!text) return Error(text.error());
  if (!*text) {
    identity_ = make_identity();
    return write_private_file(name,
                              fmt::format("{}\nseed {}\nstatic_secret {}\n", kIdentityHeader,
                                          to_hex(identity_.seed), to_hex(identity_.static_secret)));
  }
  const auto lines = split(**text, '\n');
  if (lines.size() != 3 || lines[0] != kIdentityHeader || (*text)->back() != '\n') {
    return Error(
        fmt::format("{}: not three lines that begin with '{}'; without this file the node "
                    "becomes a new one",
                    name, kIdentityHeader));
  }
  auto seed = read_secret(lines[1], "seed");
  if (!seed) return Error(fmt::format("{}:2: expected 'seed' and 64 hex digits", name));
  auto secret = read_secret(lines[2], "static_secret");
  if (!secret) return Error(fmt::format("{}:3: expected 'static_secret' and 64 hex digits", name));
  identity_ = {std::move(*seed), std::move(*secret)};
  return {};
}

tl::expected<void, std::string> DataFolder::load_contacts() {
  const std::string name = file("contacts");
  const auto text = read_private_file(name, kContactsBytesMax);
  if (!text) return Error(text.error());
  if (!*text) return {};
  const auto lines = split(**text, '\n');
  if (lines.empty() || lines[0] != kContactsHeader || (*text)->back() != '\n') {
    return Error(fmt::format("{}: does not begin with '{}', or ends early", name, kContactsHeader));
  }
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto contact = read_contact(lines[i]);
    if (!contact) {
      return Error(
          fmt::format("{}:{}: expected an id of 64 hex digits and an endpoint", name, i + 1));
    }
    if (contacts_.size() < kContactsMax) contacts_.push_back(*contact);
  }
  return {};
}

tl::expected<void, std::string> DataFolder::save_contacts(const std::vector<Contact>& contacts) {
  std::string text = std::string(kContactsHeader) + '\n';
  const std::size_t count = std::min(contacts.size(), kContactsMax);
  for (std::size_t i = 0; i < count; ++i) text += write_contact(contacts[i]);
  return write_private_file(file("contacts"), text);
}

}  // namespace macula::dht::quic
