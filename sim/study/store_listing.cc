#include "sim/study/store_listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "base/text/printable.h"
#include "sim/file/files.h"
#include "sim/study/aligned.h"
#include "sim/study/quantity.h"
#include "sim/study/sealed.h"
#include "sim/study/store.h"
#include "sim/study/store_contents.h"
#include "sim/study/unit.h"

namespace macula::sim {
namespace {

using Json = nlohmann::json;
using Error = tl::unexpected<std::string>;

// Reads a result up to the verdict of its run; what comes behind is not looked at.
class HeadingReader : public nlohmann::json_sax<Json> {
 public:
  explicit HeadingReader(StoredHeading& to) : to_(to) {}

  [[nodiscard]] bool done() const { return done_; }
  [[nodiscard]] const Provenance& program() const { return program_; }

  bool key(string_t& name) override {
    key_ = name;
    return true;
  }
  bool string(string_t& text) override {
    const std::pair<std::string_view, std::string*> known[] = {{"version", &program_.version},
                                                               {"commit", &program_.commit},
                                                               {"scenario", &to_.scenario},
                                                               {"world", &to_.world},
                                                               {"verdict", &to_.verdict}};
    for (const auto& [name, value] : known) {
      if (key_ == name) *value = text;
    }
    done_ = in_runs_ && key_ == "verdict";
    return !done_;
  }
  bool number_unsigned(number_unsigned_t number) override {
    if (in_runs_ && key_ == "seed") to_.seed = number;
    return true;
  }
  bool start_array(std::size_t /*elements*/) override {
    in_runs_ = key_ == "runs";
    return in_runs_;  // no other list comes before
  }
  bool start_object(std::size_t /*elements*/) override { return ++depth_ <= 2; }
  bool end_object() override { return --depth_ > 0; }
  bool end_array() override { return false; }
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*number*/) override { return true; }
  bool number_float(number_float_t /*number*/, const string_t& /*text*/) override { return true; }
  bool binary(binary_t& /*bytes*/) override { return true; }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*wrong*/) override {
    return false;
  }

 private:
  StoredHeading& to_;
  std::string key_;
  Provenance program_;
  unsigned depth_ = 0;
  bool in_runs_ = false;
  bool done_ = false;
};

}  // namespace

tl::expected<StoredHeading, std::string> read_heading(std::string_view text) {
  if (std::string wrong = broken_seal(text); !wrong.empty()) return Error(std::move(wrong));
  StoredHeading heading;
  HeadingReader reader(heading);
  Json::sax_parse(text.begin(), text.end(), &reader);
  if (!reader.done()) return Error("it is no result");
  heading.program = program_text(reader.program());
  return heading;
}

void StoreListing::add(const StoredHeading& heading) {
  Row& row = rows_[{heading.scenario, heading.world, heading.program}];
  ++row.verdicts[heading.verdict];
  row.seeds.push_back(heading.seed);
}

std::vector<std::string> StoreListing::table() const {
  std::vector<std::vector<std::string>> cells{
      {"scenario", "runs", "pass", "others", "seeds", "world", "program"}};
  for (const auto& [key, row] : rows_) {
    std::uint64_t passed = 0;
    std::string others;
    for (const auto& [verdict, count] : row.verdicts) {
      if (verdict == "pass") {
        passed = count;
      } else {
        others += fmt::format("{}{} {}", others.empty() ? "" : ", ", count,
                              printable(verdict, Lines::one));
      }
    }
    std::vector<std::uint64_t> seeds = row.seeds;
    std::sort(seeds.begin(), seeds.end());
    seeds.erase(std::unique(seeds.begin(), seeds.end()), seeds.end());
    cells.push_back({printable(key[0], Lines::one), grouped(row.seeds.size()), grouped(passed),
                     others.empty() ? "-" : others, ranges_text(seeds),
                     printable(key[1], Lines::one), printable(key[2], Lines::one)});
  }
  return aligned(cells);
}

bool is_store(const std::string& folder) {
  std::error_code error;
  const auto has = [&](const char* part) {
    return std::filesystem::is_directory(std::filesystem::path(folder) / part, error);
  };
  return has(kUnitsFolder) && has(kAskedFolder);
}

tl::expected<StoreListing, std::string> list_store(const std::string& folder) {
  const auto files = files_of_store(folder);
  if (!files) return Error(files.error());
  StoreListing listing;
  for (const std::string& file : *files) {
    if (file.rfind(kUnitsFolder, 0) != 0) continue;
    const std::string path = folder + "/" + file;
    const auto text = read_file(path, kSealedBytesMax);
    if (!text) return Error(path + ": " + text.error());
    auto heading = read_heading(*text);
    if (!heading) return Error(path + ": " + heading.error());
    listing.add(*heading);
  }
  return listing;
}

}  // namespace macula::sim
