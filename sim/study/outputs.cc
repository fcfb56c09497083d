#include "sim/study/outputs.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "sim/study/named_run.h"
#include "sim/study/same_file.h"

namespace macula::sim {
namespace {

constexpr const char* kTraceFile = "trace.jsonl";

std::vector<std::string> inputs_of(const Batch& batch) {
  std::vector<std::string> inputs;
  for (const Scenario& scenario : batch.scenarios) {
    inputs.push_back(scenario.file);
    inputs.insert(inputs.end(), scenario.inputs.begin(), scenario.inputs.end());
  }
  return inputs;
}

// The files that would be lost, or written twice, in words; empty: none.
std::string clash_of(const Campaign& campaign, const Batch& batch) {
  std::vector<std::pair<std::string, std::string>> outputs;
  for (const auto& [name, path] :
       {std::pair("--json", &campaign.json_file), std::pair("--junit", &campaign.junit_file),
        std::pair("--trace", &campaign.trace_file), std::pair("--pcap", &campaign.pcap_file),
        std::pair("--report", &campaign.report_file)}) {
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

tl::expected<Outputs, std::string> Outputs::open(const Campaign& campaign, const Batch& batch) {
  Outputs outputs;
  if (std::string wrong = clash_of(campaign, batch); !wrong.empty()) {
    return tl::unexpected(std::move(wrong));
  }
  auto json = OutputFile::open(campaign.json_file);
  if (!json) return tl::unexpected(json.error());
  outputs.json_file_ = std::move(*json);
  auto junit = OutputFile::open(campaign.junit_file);
  if (!junit) return tl::unexpected(junit.error());
  outputs.junit_file_ = std::move(*junit);
  const auto trace = OutputFile::open(campaign.trace_file);
  if (!trace) return tl::unexpected(trace.error());
  outputs.trace_file_ = campaign.trace_file;
  const auto pcap = OutputFile::open(campaign.pcap_file);
  if (!pcap) return tl::unexpected(pcap.error());
  outputs.pcap_file_ = campaign.pcap_file;
  if (!campaign.out_folder.empty() && campaign.run_folders) {
    std::vector<std::pair<std::string, std::uint64_t>> runs;
    for (const Run& run : batch.runs) runs.emplace_back(run.scenario->name, run.seed);
    auto folder = OutFolder::create(campaign.out_folder, runs, campaign.shard);
    if (!folder) return tl::unexpected(folder.error());
    outputs.folder_ = std::move(*folder);
    if (std::string wrong = clash_in(*outputs.folder_, batch); !wrong.empty()) {
      return tl::unexpected(std::move(wrong));
    }
  }
  if (outputs.json_file_) outputs.json_.emplace(outputs.json_file_->begin());
  if (outputs.junit_file_) outputs.junit_.emplace(outputs.junit_file_->begin());
  return outputs;
}

bool Outputs::shows_another(std::size_t i, const Batch& batch) const {
  if (!folder_ || !is_run_folder(folder_->path(i))) return false;
  const auto shown = read_run_folder(folder_->path(i));
  return !shown || shown->result.hash != batch.runs[i].scenario->hash;
}

RunFiles Outputs::run_files(std::size_t i) const {
  RunFiles files;
  if (folder_) {
    files.result = folder_->path(i, kResultFile);
    files.trace = folder_->path(i, kTraceFile);
  }
  (folder_ ? files.trace_copy : files.trace) = trace_file_;
  files.pcap = pcap_file_;
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
  for (OutputFile* file : {json_file_.get(), junit_file_.get()}) {
    if (file == nullptr) continue;
    if (std::string wrong = file->close(); error_.empty()) error_ = std::move(wrong);
  }
  if (!error_.empty()) return tl::unexpected(error_);
  return {};
}

}  // namespace macula::sim
