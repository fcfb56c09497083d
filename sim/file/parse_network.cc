#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/text/suggest.h"
#include "sim/file/files.h"
#include "sim/file/parse_fields.h"
#include "sim/file/parse_sections.h"
#include "sim/file/region_csv.h"

namespace macula::sim {
namespace {

constexpr std::size_t kPathBytesMax = 4096;

void read_matrix(Fields& fields, const std::string& path, Problems& problems, LinkModel& links) {
  std::string unit;
  if (fields.text("matrix_unit", unit, kNameBytesMax)) {
    const auto& units = delay_columns();
    const DocumentValue& value = *find(fields.value(), "matrix_unit");
    if (std::find(units.begin(), units.end(), unit) == units.end()) {
      problems.at(value, fmt::format("unknown unit `{}`{}", unit,
                                     suggestion(unit, "there are", {units.begin(), units.end()})));
      return;
    }
    if (find(fields.value(), "matrix") == nullptr) {
      problems.at(value, "`matrix_unit` without `matrix`");
    }
  }
  std::string name;
  if (!fields.text("matrix", name, kPathBytesMax)) return;
  const DocumentValue& value = *find(fields.value(), "matrix");
  const std::string file = find_beside(path, name);
  if (file.empty()) {
    problems.at(value,
                fmt::format("no file `{}` beside the scenario or in a folder above it", name));
    return;
  }
  const auto text = read_file(file, kCsvBytesMax);
  if (!text) {
    problems.at(value, fmt::format("{}: {}", file, text.error()));
    return;
  }
  auto rows = parse_region_csv(*text, file, unit);
  if (!rows) {
    for (Diagnostic& diagnostic : rows.error()) problems.add(std::move(diagnostic));
    return;
  }
  links.matrix = std::move(*rows);
}

// loss = { model = "iid", p = "2%" }
void read_loss_table(const DocumentValue& loss, Problems& problems, std::uint32_t& out_ppm) {
  const DocumentValue* model = find(loss, "model");
  if (model == nullptr || model->kind != DocumentValue::Kind::text) {
    problems.at(loss, "`loss` names its model: write `loss = { model = \"iid\", p = \"2%\" }`");
    return;
  }
  if (model->text == "gilbert-elliott") {
    problems.at(*model, "the loss model `gilbert-elliott` is not built yet");
    return;
  }
  if (model->text != "iid") {
    problems.at(*model, fmt::format("unknown loss model `{}`{}", model->text,
                                    suggestion(model->text, "there is", {"iid"})));
    return;
  }
  for (const DocumentMember& member : loss.members) {
    if (member.key == "model" || member.key == "p") continue;
    problems.at(member,
                fmt::format("unknown key `{}`: the loss model `iid` knows model, p", member.key));
  }
  if (find(loss, "p") == nullptr) {
    problems.at(loss, "`p` is missing: write `loss = { model = \"iid\", p = \"2%\" }`");
  }
  Fields(loss, problems).share("p", out_ppm);
}

void read_link(const DocumentMember& member, Problems& problems, LinkModel& links) {
  LinkClass link;
  link.name = member.key;
  if (const std::string wrong = check_new_name(member.key); !wrong.empty()) {
    problems.at(member, wrong);
  }
  Fields fields(member.value, problems);
  fields.distribution("delay", link.delay);
  fields.distribution("jitter", link.jitter);
  const DocumentValue* loss = find(member.value, "loss");
  if (loss != nullptr && loss->kind == DocumentValue::Kind::table) {
    read_loss_table(*loss, problems, link.loss_ppm);
  } else {
    fields.share("loss", link.loss_ppm);
  }
  links.classes.push_back(std::move(link));
}

}  // namespace

void read_network(const DocumentValue& root, const std::string& path, Problems& problems,
                  Scenario& scenario) {
  const DocumentValue* latency = find(root, "latency");
  if (latency != nullptr && latency->kind == DocumentValue::Kind::table) {
    Fields fields(*latency, problems);
    read_matrix(fields, path, problems, scenario.links);
    fields.distribution("default", scenario.links.default_delay);
    fields.share("loss", scenario.links.default_loss_ppm);
  }
  const DocumentValue* links = find(root, "link");
  if (links == nullptr || links->kind != DocumentValue::Kind::table) return;
  for (const DocumentMember& member : links->members) {
    if (member.value.kind == DocumentValue::Kind::table)
      read_link(member, problems, scenario.links);
  }
}

}  // namespace macula::sim
