#include "base/text/document_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace macula {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_beyond_ascii(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

Place place_at(std::string_view text, std::size_t offset) {
  Place place{1, 1};
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      ++place.column;
    }
  }
  return place;
}

// Goes through the text once; what stands in quotes and comments is no key.
class Guard {
 public:
  explicit Guard(std::string_view text) : text_(text) {}

  std::optional<Refusal> run() {
    if (text_.substr(0, kByteOrderMark.size()) == kByteOrderMark) at_ = kByteOrderMark.size();
    while (at_ < text_.size() && !refusal_) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        skip_string(c);
      } else if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        take_outside(c);
      }
    }
    return refusal_;
  }

 private:
  void take_outside(char c) {
    if (is_beyond_ascii(c)) {
      refuse("a character beyond ASCII stands outside of quotes");
    } else if (c == '.') {
      if (++dots_ >= kKeyPartsMax) refuse(fmt::format("a key has at most {} parts", kKeyPartsMax));
    } else if (std::string_view("\n=,[]{}").find(c) != std::string_view::npos) {
      dots_ = 0;
    }
    ++at_;
  }

  // From the quote to behind the closing one, in TOML's four forms.
  void skip_string(char quote) {
    const bool multi_line = text_.substr(at_, 3) == std::string(3, quote);
    at_ += multi_line ? 3 : 1;
    while (at_ < text_.size() && !refusal_) {
      if (quote == '"' && text_[at_] == '\\') {
        skip_escape(multi_line);
      } else if (!multi_line && (text_[at_] == quote || text_[at_] == '\n')) {
        ++at_;
        return;
      } else if (multi_line && text_.substr(at_, 3) == std::string(3, quote)) {
        at_ += 3;
        // Up to two quotes may stand directly before the closing three.
        for (int extra = 0; extra < 2 && at_ < text_.size() && text_[at_] == quote; ++extra) ++at_;
        return;
      } else {
        ++at_;
      }
    }
  }

  void skip_escape(bool multi_line) {
    ++at_;
    const bool joins_lines =
        multi_line && at_ < text_.size() && (is_space(text_[at_]) || is_beyond_ascii(text_[at_]));
    if (!joins_lines) {
      ++at_;
      return;
    }
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    if (at_ < text_.size() && is_beyond_ascii(text_[at_])) {
      refuse("a text cannot go on with a character beyond ASCII after a backslash");
    }
  }

  void refuse(std::string message) { refusal_ = Refusal{place_at(text_, at_), std::move(message)}; }

  std::string_view text_;
  std::size_t at_ = 0;
  int dots_ = 0;
  std::optional<Refusal> refusal_;
};

}  // namespace

std::optional<Refusal> guard_document(std::string_view text) {
  return Guard(text).run();
}

}  // namespace macula
