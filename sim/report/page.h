// The page itself: one HTML file that needs nothing else. Its style, script and licences come from
// a template that is bundled when the program is built (sim/report/page/); the data are put into
// it.
//
//   auto page = page_template();
//   std::string html = filled(*page, data);
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace macula::sim {

// The template's text: the file that the environment names in MACULA_SIM_PAGE, or else
// `macula-sim-page.html` beside the program, or in share/macula-sim of where it is installed. The
// error, for a person, says where it was looked for and what to do.
[[nodiscard]] tl::expected<std::string, std::string> page_template();

// The template with the data, JSON, in their place. The data are no markup, whatever they say, and
// end no script.
[[nodiscard]] std::string filled(std::string_view page, std::string_view data);

// JSON that means the same, and holds nothing that HTML or JavaScript would take for more than a
// text.
[[nodiscard]] std::string inert(std::string_view json);

}  // namespace macula::sim
