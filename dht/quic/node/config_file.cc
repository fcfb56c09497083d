#include "dht/quic/node/config_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "base/text/document.h"
#include "base/text/suggest.h"

namespace macula::dht::quic {
namespace {

class Reader {
 public:
  Reader(const Document& document, const std::string& file) : document_(document), file_(file) {}

  tl::expected<Settings, Diagnostics> read() {
    for (const DocumentMember& member : document_.root.members) read_member(member);
    if (!problems_.empty()) return tl::unexpected(problems_);
    return settings_;
  }

 private:
  void read_member(const DocumentMember& member) {
    const auto& names = setting_names();
    if (std::find(names.begin(), names.end(), member.key) == names.end()) {
      at(member.place, fmt::format("unknown key `{}`{}", member.key,
                                   suggestion(member.key, "the keys are", names)));
    } else if (member.key == "bootstrap" && member.value.kind == DocumentValue::Kind::list) {
      for (const DocumentValue& item : member.value.items) read_text(member.key, item);
    } else {
      read_text(member.key, member.value);
    }
  }

  void read_text(const std::string& key, const DocumentValue& value) {
    if (value.kind != DocumentValue::Kind::text) {
      at(value.place, fmt::format("`{}` is a text in quotes, not {}", key, kind_name(value.kind)));
    } else if (auto set = set_setting(settings_, key, value.text); !set) {
      at(value.place, set.error());
    }
  }

  void at(const Place& place, std::string message) {
    Diagnostic diagnostic{file_, place, std::move(message), {}};
    const auto line = static_cast<std::size_t>(place.line) - 1;
    if (place.line > 0 && line < document_.lines->size()) {
      diagnostic.source_line = (*document_.lines)[line];
    }
    problems_.push_back(std::move(diagnostic));
  }

  const Document& document_;
  const std::string& file_;
  Settings settings_;
  Diagnostics problems_;
};

}  // namespace

tl::expected<Settings, Diagnostics> parse_config(const std::string& text, const std::string& file) {
  const auto document = parse_document(text, file);
  if (!document) return tl::unexpected(document.error());
  return Reader(*document, file).read();
}

tl::expected<Settings, Diagnostics> read_config(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(kDocumentBytesMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || (in.gcount() == 0 && !in.eof())) {
    return tl::unexpected(Diagnostics{{file, {}, "cannot be read", {}}});
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  return parse_config(text, file);
}

}  // namespace macula::dht::quic
