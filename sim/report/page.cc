#include "sim/report/page.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

#include "base/check.h"
#include "sim/file/files.h"

namespace macula::sim {
namespace {

namespace fs = std::filesystem;
constexpr const char* kEnvironment = "MACULA_SIM_PAGE";
constexpr const char* kName = "macula-sim-page.html";
constexpr std::size_t kBytesMax = std::size_t{8} << 20;
// The place in the template where the data go.
constexpr std::string_view kPlace = "MACULA-DATA";

// Where it is looked for.
std::vector<std::string> places() {
  const char* named = std::getenv(kEnvironment);  // NOLINT(concurrency-mt-unsafe)
  if (named != nullptr && *named != '\0') return {named};
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  return {(program / kName).string(),
          (program.parent_path() / "share" / "macula-sim" / kName).string()};
}

}  // namespace

tl::expected<std::string, std::string> page_template() {
  std::string looked;
  for (const std::string& path : places()) {
    std::error_code error;
    looked += (looked.empty() ? "" : " or ") + path;
    if (!fs::exists(path, error)) continue;
    auto text = read_file(path, kBytesMax);
    if (!text) return tl::unexpected(path + ": " + text.error());
    const std::size_t at = text->find(kPlace);
    if (at == std::string::npos || text->find(kPlace, at + 1) != std::string::npos) {
      return tl::unexpected(path + ": it is no page of macula-sim: run ./dev build page");
    }
    return *text;
  }
  return tl::unexpected(fmt::format(
      "the template of the page is not there: {}: run ./dev build page, or name it in {}", looked,
      kEnvironment));
}

std::string inert(std::string_view json) {
  std::string text;
  text.reserve(json.size() + json.size() / 64);
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '<' || c == '>' || c == '&') {
      text += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else if (json.substr(i, 2) == "\xe2\x80" && i + 2 < json.size() &&
               (json[i + 2] == '\xa8' || json[i + 2] == '\xa9')) {
      text += json[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      text += c;
    }
  }
  return text;
}

std::string filled(std::string_view page, std::string_view data) {
  const std::size_t at = page.find(kPlace);
  MACULA_CHECK(at != std::string_view::npos);
  return std::string(page.substr(0, at)) + inert(data) +
         std::string(page.substr(at + kPlace.size()));
}

}  // namespace macula::sim
