// The members of an object of JSON, each of the type that it must have.
//
//   std::string wrong;
//   const JsonFields run(json, "runs.0", wrong);
//   result.seed = run.count("seed");
//   if (!wrong.empty()) ...   // "runs.0.seed: a whole number of at least 0 is expected, not -1"
//
// The first thing that is wrong is kept; what is read after that is empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace macula::sim {

class JsonFields {
 public:
  // All three outlive this object. `place` is where the object stands.
  JsonFields(const nlohmann::json& object, std::string place, std::string& wrong);

  [[nodiscard]] bool has(const std::string& key) const;
  [[nodiscard]] std::string text(const std::string& key) const;
  [[nodiscard]] std::optional<std::string> text_or_null(const std::string& key) const;
  // One of these, by position; 0 where it is none.
  [[nodiscard]] std::size_t choice(const std::string& key,
                                   const std::vector<std::string>& names) const;
  // "00000000000000ab": 16 hexadecimal digits.
  [[nodiscard]] std::uint64_t hash(const std::string& key) const;
  [[nodiscard]] std::uint64_t count(const std::string& key) const;
  // At least 0, below 2^63.
  [[nodiscard]] std::int64_t time(const std::string& key) const;
  [[nodiscard]] double number(const std::string& key) const;
  [[nodiscard]] std::optional<double> number_or_null(const std::string& key) const;

  // A list of numbers; of whole numbers of at least 0; of those, or null.
  [[nodiscard]] std::vector<double> numbers(const std::string& key) const;
  [[nodiscard]] std::vector<std::uint64_t> counts(const std::string& key) const;
  [[nodiscard]] std::vector<std::optional<std::uint64_t>> counts_or_null(
      const std::string& key) const;
  // A list of lists of two texts.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> pairs(
      const std::string& key) const;

  [[nodiscard]] JsonFields object(const std::string& key) const;
  // The objects of a list; none where there is no such list.
  [[nodiscard]] std::vector<JsonFields> list(const std::string& key) const;
  // The members of an object of any names.
  [[nodiscard]] std::vector<std::string> names() const;

  // Says that something else is expected of a member than what is there.
  void refuse(const std::string& key, std::string_view expected) const;

 private:
  // Each item by `read`, which says whether it could.
  template <typename T, typename Read>
  [[nodiscard]] std::vector<T> items(const std::string& key, std::string_view expected,
                                     Read read) const;
  [[nodiscard]] const nlohmann::json& at(const std::string& key) const;

  const nlohmann::json* object_;
  std::string place_;
  std::string* wrong_;
};

}  // namespace macula::sim
