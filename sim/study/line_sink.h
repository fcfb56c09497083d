// A stream that hands on what is written to it, line by line, and keeps none of it.
//
//   LineSink sink([](std::string_view line) { ... });     // without its end
//   options.trace = &sink.stream();
#pragma once

#include <cstddef>
#include <functional>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>

namespace macula::sim {

class LineSink {
 public:
  explicit LineSink(std::function<void(std::string_view)> line) : buffer_(std::move(line)) {}
  LineSink(const LineSink&) = delete;
  LineSink& operator=(const LineSink&) = delete;

  [[nodiscard]] std::ostream& stream() { return stream_; }

 private:
  class Buffer final : public std::streambuf {
   public:
    explicit Buffer(std::function<void(std::string_view)> line) : line_(std::move(line)) {}

   private:
    int_type overflow(int_type c) override {
      if (c != traits_type::eof()) take(traits_type::to_char_type(c));
      return traits_type::not_eof(c);
    }
    std::streamsize xsputn(const char* text, std::streamsize size) override {
      std::string_view left(text, static_cast<std::size_t>(size));
      for (auto end = left.find('\n'); end != std::string_view::npos; end = left.find('\n')) {
        if (begun_.empty()) {
          line_(left.substr(0, end));  // a line as a whole: not copied
        } else {
          begun_ += left.substr(0, end);
          line_(begun_);
          begun_.clear();
        }
        left.remove_prefix(end + 1);
      }
      begun_ += left;
      return size;
    }
    void take(char c) {
      if (c != '\n') {
        begun_ += c;
        return;
      }
      line_(begun_);
      begun_.clear();
    }

    std::function<void(std::string_view)> line_;
    std::string begun_;
  };

  Buffer buffer_;
  std::ostream stream_{&buffer_};
};

}  // namespace macula::sim
