#include "sim/study/named_run.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "sim/file/files.h"
#include "sim/study/json_fields.h"
#include "sim/study/result_reader.h"

namespace macula::sim {
namespace {

constexpr std::size_t kLongestResult = std::size_t{64} << 20;

}  // namespace

tl::expected<NamedRun, std::string> parse_named_run(const std::string& text) {
  std::error_code error;
  if (std::filesystem::is_directory(text, error)) return NamedRun{text, true, 0};
  NamedRun named;
  const std::size_t colon = text.rfind(':');
  if (colon != std::string::npos && colon != 0) {
    const char* const end = text.data() + text.size();
    const auto [stop, wrong] = std::from_chars(text.data() + colon + 1, end, named.seed);
    named.path = text.substr(0, colon);
    if (wrong == std::errc() && stop == end) return named;
  }
  return tl::unexpected("a run is FILE:SEED, as in heal.toml:42, or a folder of --out, not '" +
                        text + "'");
}

bool is_run_folder(const std::string& folder) {
  std::error_code error;
  return std::filesystem::exists(folder + "/" + kResultFile, error);
}

tl::expected<RunFolder, std::string> read_run_folder(const std::string& folder) {
  const std::string path = folder + "/" + kResultFile;
  const auto text = read_file(path, kLongestResult);
  if (!text) return tl::unexpected(path + ": " + text.error());
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  std::string wrong;
  const JsonFields file(json, kResultFile, wrong);
  RunFolder read;
  read.program = {file.text("version"), file.text("commit"), kFatesVersion};
  const auto runs = file.list("runs");
  if (wrong.empty() && runs.size() != 1) {
    wrong = std::string(kResultFile) + ": one run is expected";
  } else if (!runs.empty()) {
    read.result = read_result(runs.front());
    read.result.file = runs.front().text("file");
  }
  if (!wrong.empty()) return tl::unexpected(folder + "/" + wrong);
  read.trace = folder + "/trace.jsonl";
  return read;
}

std::vector<std::string> run_folders_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (auto entry = std::filesystem::directory_iterator(folder, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (is_run_folder(entry->path())) names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace macula::sim
