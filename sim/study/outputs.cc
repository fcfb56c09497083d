#include "sim/study/outputs.h"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <utility>
#include <vector>

#include "sim/study/same_file.h"

namespace macula::sim {
namespace {

constexpr const char* kResultFile = "result.json";
constexpr const char* kTraceFile = "trace.jsonl";

std::vector<std::string> inputs_of(const Batch& batch) {
  std::vector<std::string> inputs;
  for (const Scenario& scenario : batch.scenarios) {
    inputs.push_back(scenario.file);
    inputs.insert(inputs.end(), scenario.inputs.begin(), scenario.inputs.end());
  }
  return inputs;
}

// What would be lost, or written twice, in words; empty: nothing.
std::string clash_of(const Campaign& campaign, const Batch& batch) {
  std::vector<std::pair<std::string, std::string>> outputs;
  for (const auto& [name, path] :
       {std::pair("--json", &campaign.json_file), std::pair("--junit", &campaign.junit_file),
        std::pair("--trace", &campaign.trace_file)}) {
    if (!path->empty()) outputs.emplace_back(name, *path);
  }
  return clash(outputs, inputs_of(batch));
}

// The same of files that stand in the folder of --out already: links may lead to an input.
std::string clash_in(const OutFolder& folder, const Batch& batch) {
  std::vector<std::pair<std::string, std::string>> outputs;
  std::error_code error;
  for (std::size_t i = 0; i < batch.runs.size(); ++i) {
    for (const char* name : {kResultFile, kTraceFile}) {
      const std::string path = folder.path(i, name);
      if (std::filesystem::exists(path, error)) outputs.emplace_back("--out", path);
    }
  }
  return clash(outputs, inputs_of(batch));
}

}  // namespace

std::ostream& Outputs::File::out() {
  if (path == kStandardOutput) return std::cout;
  return stream;
}

tl::expected<std::unique_ptr<Outputs::File>, std::string> Outputs::open_file(
    const std::string& path) {
  auto file = std::make_unique<File>();
  if (path.empty()) return std::unique_ptr<File>();
  file->path = path;
  if (path == kStandardOutput) return file;
  errno = 0;
  // What stands there stays until all that is asked for can be written.
  file->stream.open(path, std::ios::binary | std::ios::app);
  if (!file->stream) {
    const std::string reason = std::generic_category().message(errno);
    return tl::unexpected(fmt::format("cannot write {}: {}", path, reason));
  }
  return file;
}

tl::expected<Outputs, std::string> Outputs::open(const Campaign& campaign, const Batch& batch) {
  Outputs outputs;
  if (std::string wrong = clash_of(campaign, batch); !wrong.empty()) {
    return tl::unexpected(std::move(wrong));
  }
  auto json = open_file(campaign.json_file);
  if (!json) return tl::unexpected(json.error());
  outputs.json_file_ = std::move(*json);
  auto junit = open_file(campaign.junit_file);
  if (!junit) return tl::unexpected(junit.error());
  outputs.junit_file_ = std::move(*junit);
  const auto trace = open_file(campaign.trace_file);
  if (!trace) return tl::unexpected(trace.error());
  outputs.trace_file_ = campaign.trace_file;
  if (!campaign.out_folder.empty()) {
    std::vector<std::pair<std::string, std::uint64_t>> runs;
    for (const Run& run : batch.runs) runs.emplace_back(run.scenario->name, run.seed);
    auto folder = OutFolder::create(campaign.out_folder, runs);
    if (!folder) return tl::unexpected(folder.error());
    outputs.folder_ = std::move(*folder);
    if (std::string wrong = clash_in(*outputs.folder_, batch); !wrong.empty()) {
      return tl::unexpected(std::move(wrong));
    }
  }
  for (File* file : {outputs.json_file_.get(), outputs.junit_file_.get()}) {
    if (file != nullptr && file->path != kStandardOutput) {
      file->stream.close();
      file->stream.open(file->path, std::ios::binary | std::ios::trunc);
    }
  }
  if (outputs.json_file_) outputs.json_.emplace(outputs.json_file_->out());
  if (outputs.junit_file_) outputs.junit_.emplace(outputs.junit_file_->out());
  return outputs;
}

RunFiles Outputs::run_files(std::size_t i) const {
  RunFiles files;
  if (folder_) {
    files.result = folder_->path(i, kResultFile);
    files.trace = folder_->path(i, kTraceFile);
  }
  (folder_ ? files.trace_copy : files.trace) = trace_file_;
  return files;
}

void Outputs::add(const Outcome& outcome) {
  if (json_) json_->add(outcome.result);
  if (junit_) junit_->add(outcome);
  if (error_.empty()) error_ = outcome.error;
}

tl::expected<void, std::string> Outputs::close(std::size_t left_out) {
  if (json_) json_->close(left_out);
  if (junit_) junit_->close(left_out);
  for (File* file : {json_file_.get(), junit_file_.get()}) {
    if (file == nullptr || file->path == kStandardOutput) continue;
    file->stream.close();
    if (!file->stream && error_.empty()) error_ = fmt::format("cannot write {}", file->path);
  }
  if (!error_.empty()) return tl::unexpected(error_);
  return {};
}

}  // namespace macula::sim
