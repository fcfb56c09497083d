// The data that a node keeps over restarts: its identity, and the nodes that it knew.
//
//   auto data = DataFolder::open("/var/lib/macula");
//   data->identity().seed;                     // made on the first start
//   data->save_contacts(contacts);
//
// Two files of text: `identity` holds the key's seed and the secret of stateless resets, in hex;
// `contacts` a contact a line. Both belong to their owner alone. An identity that cannot be read as
// written is an error that names the line: a node that silently became another would lose its
// place. Contacts are only a cache: a file that is damaged, or that others could have written, is
// moved out of the way, and there is a warning.
//
// A folder has one user at a time: its file `lock` is held while the object lives.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "dht/contact/contact_book.h"
#include "dht/quic/udp/unique_fd.h"

namespace macula::dht::quic {

inline constexpr std::size_t kSecretBytes = 32;

struct Identity {
  std::string seed;           // of the Ed25519 key, 32 bytes
  std::string static_secret;  // of stateless resets and Retry tokens, 32 bytes
};

[[nodiscard]] Identity make_identity();

class DataFolder {
 public:
  static constexpr std::size_t kContactsMax = 1024;  // kept; the rest is found through them

  // Makes what is missing. The error, as where another has it open, is for a person.
  [[nodiscard]] static tl::expected<DataFolder, std::string> open(const std::string& path);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const Identity& identity() const { return identity_; }
  // For a person: what was found amiss and is no obstacle.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }
  // As they were when the folder was opened.
  [[nodiscard]] const std::vector<Contact>& contacts() const { return contacts_; }
  [[nodiscard]] tl::expected<void, std::string> save_contacts(const std::vector<Contact>& contacts);

 private:
  explicit DataFolder(std::string path) : path_(std::move(path)) {}
  [[nodiscard]] tl::expected<void, std::string> load_identity();
  [[nodiscard]] tl::expected<void, std::string> load_contacts();
  void set_contacts_aside(const std::string& why);
  [[nodiscard]] std::string file(std::string_view name) const;

  std::string path_;
  UniqueFd lock_;
  std::vector<std::string> warnings_;
  Identity identity_;
  std::vector<Contact> contacts_;
};

}  // namespace macula::dht::quic
