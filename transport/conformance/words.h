// The sayings of the guests of the conformance suites to each other, whatever the messages are.
//
// A protocol says it in its own words, and tells what it has heard:
//
//     struct RumourWords {
//       using Message = Rumours;
//       static constexpr std::size_t kLarge = 900'000;       // bytes of text that fit into one
//       static constexpr std::size_t kTooLarge = 1'100'000;  // and that do not
//       static Message say(const Saying& saying);
//       static Saying hear(const Message& message);          // what was said
//     };
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>

namespace macula::conformance {

struct Saying {
  enum class Kind : std::uint8_t {
    question,  // a request
    answer,    // its reply
    notice,    // a one-way message; it has no text
  };

  Kind kind = Kind::question;
  std::uint64_t number = 0;
  std::string text{};  // any bytes; most often none
};

template <typename W>
concept Words = requires(const Saying& saying, const typename W::Message& message) {
  { W::say(saying) } -> std::same_as<typename W::Message>;
  { W::hear(message) } -> std::same_as<Saying>;
  { W::kLarge } -> std::convertible_to<std::size_t>;
  { W::kTooLarge } -> std::convertible_to<std::size_t>;
};

}  // namespace macula::conformance
