// Makes the rows of a kit's parameters: a key of [protocol], a field of the kit's struct, and a
// line about it.
//
//   struct Config { std::uint32_t fanout = 2; };
//   integer_parameter("fanout", &Config::fanout, 100, "1", "Nodes told at a time.");
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text/document.h"
#include "base/time.h"
#include "sim/file/parse_fields.h"
#include "sim/scenario/parameter.h"

namespace macula::sim {

// How a value of a type stands in a file.
template <typename T>
struct Form {
  std::string type;  // what it takes, for people
  std::function<void(Fields&, std::string_view key, T&)> read;
  std::function<DocumentValue(T)> write;
};

// From 1 to `most`.
[[nodiscard]] Form<std::uint32_t> integer_form(std::uint32_t most);
[[nodiscard]] Form<bool> boolean_form();
[[nodiscard]] Form<Duration> duration_form();  // not 0
[[nodiscard]] Form<std::uint64_t> size_form();
[[nodiscard]] Form<std::uint32_t> speed_form();  // bytes a second
[[nodiscard]] Form<std::uint32_t> share_form();  // parts per million

// "a, b, c"
[[nodiscard]] std::string listed(const std::vector<std::string_view>& words);

template <typename P, typename T>
[[nodiscard]] Parameter make_parameter(std::string_view key, T P::*field, Form<T> form,
                                       std::string_view example, std::string_view about) {
  Parameter made{key, std::move(form.type), {}, example, about, {}, {}};
  made.read = [=, read = std::move(form.read)](Fields& fields, std::any& parameters) {
    read(fields, key, parameters_as<P>(parameters).*field);
  };
  made.write = [=, write = std::move(form.write)](const std::any& parameters) {
    return write(parameters_as<P>(parameters).*field);
  };
  return made;
}

template <typename P>
[[nodiscard]] Parameter integer_parameter(std::string_view key, std::uint32_t P::*field,
                                          std::uint32_t most, std::string_view example,
                                          std::string_view about) {
  return make_parameter(key, field, integer_form(most), example, about);
}
template <typename P>
[[nodiscard]] Parameter boolean_parameter(std::string_view key, bool P::*field,
                                          std::string_view example, std::string_view about) {
  return make_parameter(key, field, boolean_form(), example, about);
}
template <typename P>
[[nodiscard]] Parameter duration_parameter(std::string_view key, Duration P::*field,
                                           std::string_view example, std::string_view about) {
  return make_parameter(key, field, duration_form(), example, about);
}
template <typename P>
[[nodiscard]] Parameter size_parameter(std::string_view key, std::uint64_t P::*field,
                                       std::string_view example, std::string_view about) {
  return make_parameter(key, field, size_form(), example, about);
}
template <typename P>
[[nodiscard]] Parameter speed_parameter(std::string_view key, std::uint32_t P::*field,
                                        std::string_view example, std::string_view about) {
  return make_parameter(key, field, speed_form(), example, about);
}
template <typename P>
[[nodiscard]] Parameter share_parameter(std::string_view key, std::uint32_t P::*field,
                                        std::string_view example, std::string_view about) {
  return make_parameter(key, field, share_form(), example, about);
}

// `words` stand in the order of the enumerators.
template <typename P, typename Enum>
[[nodiscard]] Parameter choice_parameter(std::string_view key, Enum P::*field,
                                         const std::vector<std::string_view>& words,
                                         std::string_view example, std::string_view about) {
  Form<Enum> form;
  form.type = listed(words);
  form.read = [=](Fields& fields, std::string_view name, Enum& value) {
    std::size_t index = 0;
    if (fields.word(name, words, index)) value = static_cast<Enum>(index);
  };
  form.write = [=](Enum value) {
    return text_value(std::string(words.at(static_cast<std::size_t>(value))));
  };
  return make_parameter(key, field, std::move(form), example, about);
}

}  // namespace macula::sim
