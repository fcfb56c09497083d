// A stream that hands on what is written to it, line by line, and keeps none of it.
//
//   LineSink sink([](std::string_view line) { ... });     // without its end
//   options.trace = &sink.stream();
#pragma once

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
      for (std::streamsize i = 0; i < size; ++i) take(text[i]);
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
