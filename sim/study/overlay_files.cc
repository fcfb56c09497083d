#include "sim/study/overlay_files.h"

#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/text/printable.h"
#include "sim/study/junit_output.h"
#include "sim/study/output_file.h"
#include "sim/study/text.h"
#include "sim/study/version.h"

namespace macula::sim {
namespace {

using OrderedJson = nlohmann::ordered_json;

struct Attribute {
  const char* name;
  const std::string OverlayNode::*value;
};
constexpr std::array<Attribute, 5> kAttributes{{{"name", &OverlayNode::name},
                                                {"group", &OverlayNode::group},
                                                {"role", &OverlayNode::role},
                                                {"region", &OverlayNode::region},
                                                {"id", &OverlayNode::id}}};

template <typename Visit>
void for_each_edge(const Graph& graph, Visit visit) {
  for (std::size_t node = 0; node < graph.nodes(); ++node) {
    for (const Graph::Node target : graph.targets(node)) visit(node, target);
  }
}

// ----- GraphML -----

void write_graphml(const OverlaySnapshot& snapshot, std::ostream& out) {
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n";
  for (const Attribute& attribute : kAttributes) {
    out << "  <key id=\"" << attribute.name << "\" for=\"node\" attr.name=\"" << attribute.name
        << "\" attr.type=\"string\"/>\n";
  }
  out << "  <key id=\"alive\" for=\"node\" attr.name=\"alive\" attr.type=\"boolean\"/>\n"
         "  <graph id=\"overlay\" edgedefault=\"directed\">\n";
  for (std::size_t node = 0; node < snapshot.nodes.size(); ++node) {
    out << "    <node id=\"n" << node << "\">";
    for (const Attribute& attribute : kAttributes) {
      out << "<data key=\"" << attribute.name << "\">"
          << xml_text(snapshot.nodes[node].*attribute.value) << "</data>";
    }
    out << "<data key=\"alive\">" << (snapshot.overlay.up[node] ? "true" : "false")
        << "</data></node>\n";
  }
  for_each_edge(snapshot.overlay.all, [&](std::size_t from, std::size_t to) {
    out << "    <edge source=\"n" << from << "\" target=\"n" << to << "\"/>\n";
  });
  out << "  </graph>\n</graphml>\n";
}

// ----- DOT -----

// Boost's writer is none for this: it leaves names that are words of the language, as `node`,
// without quotes, and lets a backslash escape the quote that ends a name.
std::string dot_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : printable(text, Lines::one)) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

void write_dot(const OverlaySnapshot& snapshot, std::ostream& out) {
  out << "digraph overlay {\n";
  for (std::size_t node = 0; node < snapshot.nodes.size(); ++node) {
    out << "  n" << node << " [label=" << dot_text(snapshot.nodes[node].name);
    for (const Attribute& attribute : kAttributes) {
      out << ", " << attribute.name << '=' << dot_text(snapshot.nodes[node].*attribute.value);
    }
    const bool up = snapshot.overlay.up[node];
    out << ", alive=" << (up ? "true" : "false") << (up ? "" : ", style=dashed") << "];\n";
  }
  for_each_edge(snapshot.overlay.all, [&](std::size_t from, std::size_t to) {
    out << "  n" << from << " -> n" << to << ";\n";
  });
  out << "}\n";
}

// ----- JSON -----

OrderedJson to_json(const Components& components) {
  return {{"count", components.count},
          {"largest", components.largest},
          {"largest_share", components.share()}};
}

OrderedJson to_json(const Removal& removal) {
  OrderedJson json;
  if (removal.region.empty()) {
    json["top"] = removal.share;
  } else {
    json["region"] = removal.region;
  }
  json["gone"] = removal.gone;
  json["left"] = removal.left.nodes;
  json["components"] = removal.left.count;
  json["largest_share"] = removal.left.share();
  return json;
}

OrderedJson in_degrees(const OverlaySnapshot& snapshot) {
  const InDegrees& degrees = snapshot.figures.in_degrees;
  OrderedJson most = OrderedJson::array();
  for (const Graph::Node node : degrees.most) {
    most.push_back({{"node", snapshot.name(node)}, {"in_degree", degrees.of[node]}});
  }
  return {{"min", degrees.min},
          {"p50", degrees.p50},
          {"p99", degrees.p99},
          {"max", degrees.max},
          {"most", std::move(most)}};
}

OrderedJson paths(const GraphFigures& figures) {
  const Paths& paths = figures.paths;
  const bool some = paths.reached > 0;
  return {{"exact", figures.path_targets == figures.nodes},
          {"targets", figures.path_targets},
          {"pairs", paths.pairs},
          {"reached", paths.reached},
          {"longest", some ? OrderedJson(paths.longest) : OrderedJson(nullptr)},
          {"mean", some ? OrderedJson(paths.mean()) : OrderedJson(nullptr)}};
}

void write_json(const OverlaySnapshot& snapshot, std::ostream& out) {
  const GraphFigures& figures = snapshot.figures;
  OrderedJson removals = OrderedJson::array();
  for (const Removal& removal : figures.removals) removals.push_back(to_json(removal));
  OrderedJson points = OrderedJson::array();
  for (const Graph::Node node : figures.cuts.articulation_points) {
    points.push_back(snapshot.name(node));
  }
  OrderedJson bridges = OrderedJson::array();
  for (const auto& [a, b] : figures.cuts.bridges) {
    bridges.push_back({snapshot.name(a), snapshot.name(b)});
  }
  const OrderedJson json = {{"schema", 1},
                            {"version", program_version()},
                            {"commit", program_commit()},
                            {"scenario", snapshot.scenario},
                            {"scenario_hash", digest_text(snapshot.scenario_hash)},
                            {"seed", snapshot.seed},
                            {"virtual_ns", snapshot.at.count()},
                            {"nodes", figures.nodes},
                            {"nodes_down", snapshot.nodes.size() - figures.nodes},
                            {"edges", figures.edges},
                            {"edges_to_nodes_down", snapshot.overlay.all.edges() - figures.edges},
                            {"weak_components", to_json(figures.weak)},
                            {"strong_components", to_json(figures.strong)},
                            {"paths", paths(figures)},
                            {"in_degree", in_degrees(snapshot)},
                            {"articulation_points", std::move(points)},
                            {"bridges", std::move(bridges)},
                            {"clustering",
                             {{"exact", figures.clustering.nodes == figures.nodes},
                              {"nodes", figures.clustering.nodes},
                              {"mean", figures.clustering.mean}}},
                            {"without", std::move(removals)}};
  // Names come from files that need not be UTF-8.
  out << json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) << '\n';
}

}  // namespace

std::optional<OverlayForm> overlay_form(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, OverlayForm>, 3> kEndings{
      {{".graphml", OverlayForm::graphml},
       {".dot", OverlayForm::dot},
       {".json", OverlayForm::json}}};
  if (path == kStandardOutput) return OverlayForm::json;
  for (const auto& [ending, form] : kEndings) {
    if (path.size() > ending.size() && path.ends_with(ending)) return form;
  }
  return std::nullopt;
}

void write_overlay(const OverlaySnapshot& snapshot, OverlayForm form, std::ostream& out) {
  switch (form) {
    case OverlayForm::graphml:
      return write_graphml(snapshot, out);
    case OverlayForm::dot:
      return write_dot(snapshot, out);
    case OverlayForm::json:
      return write_json(snapshot, out);
  }
}

}  // namespace macula::sim
