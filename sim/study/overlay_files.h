// An overlay as a file, in the form that its ending says: the graph for those who draw it, or the
// figures.
//
//   write_overlay(snapshot, *overlay_form("eu.graphml"), out);
//
// The graph has all nodes, by name, with group, role, region, id, and whether they are up; an edge
// leads from a node to each that it knows, whether that one is up or not. Names become text in all
// forms, never markup.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string_view>

#include "sim/study/overlay_snapshot.h"

namespace macula::sim {

enum class OverlayForm : std::uint8_t {
  graphml,  // http://graphml.graphdrawing.org: Gephi, Cytoscape, networkx, igraph
  dot,      // Graphviz
  json,     // the figures: analysis/overlay.schema.json
};

// The form of a path that ends with .graphml, .dot or .json; "-" is JSON. Nothing: any other path.
[[nodiscard]] std::optional<OverlayForm> overlay_form(std::string_view path);

void write_overlay(const OverlaySnapshot& snapshot, OverlayForm form, std::ostream& out);

}  // namespace macula::sim
