#include "sim/study/trace_file.h"

namespace macula::sim {
namespace {

std::string_view without_packing(std::string_view path) {
  for (const std::string_view ending : {".gz", ".zst"}) {
    if (path.ends_with(ending)) return path.substr(0, path.size() - ending.size());
  }
  return path;
}

bool is_perfetto(std::string_view path) {
  return without_packing(path).ends_with(".perfetto.json");
}

bool is_shiviz(std::string_view path) {
  return without_packing(path).ends_with(".shiviz");
}

}  // namespace

bool is_of_lines(std::string_view path) {
  return !is_perfetto(path) && !is_shiviz(path);
}

TraceFile::TraceFile(const std::string& path, const Scenario& scenario) : file_(path) {
  if (is_of_lines(path)) return;
  roster_.emplace(scenario);
  if (is_perfetto(path)) {
    perfetto_.emplace(*roster_, file_.stream());
  } else {
    shiviz_.emplace(*roster_, file_.stream());
  }
}

void TraceFile::ask_for(RunOptions& options) {
  if (perfetto_) {
    options.trace_form = &*perfetto_;
  } else if (shiviz_) {
    options.trace_form = &*shiviz_;
  } else {
    options.trace = &file_.stream();
  }
}

TraceFile::~TraceFile() {
  static_cast<void>(close());
}

bool TraceFile::close() {
  if (closed_) return true;
  closed_ = true;
  if (perfetto_) perfetto_->finish();
  if (shiviz_) shiviz_->finish();
  return file_.close();
}

}  // namespace macula::sim
