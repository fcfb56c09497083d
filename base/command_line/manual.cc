#include "base/command_line/manual.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <sstream>

namespace macula {
namespace {

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

}  // namespace

std::vector<OptionManual> options_of(const CommandManual& command) {
  namespace po = boost::program_options;
  std::vector<OptionManual> options;
  for (const auto& option : command.options.options()) {
    OptionManual manual;
    manual.name = option->long_name();
    const std::string letter =
        option->canonical_display_name(po::command_line_style::allow_dash_for_short);
    if (letter.size() == 2 && letter[0] == '-') manual.letter = letter[1];
    if (option->semantic()->max_tokens() > 0) manual.value = option->semantic()->name();
    manual.about = option->description();
    if (manual.value.find('|') != std::string::npos) manual.choices = split(manual.value, '|');
    options.push_back(std::move(manual));
  }
  return options;
}

std::string help_text(std::string_view program, const CommandManual& command) {
  std::ostringstream text;
  text << "Usage: " << program << ' ' << command.name;
  if (!command.operands.empty()) text << ' ' << command.operands;
  text << " [options]\n\n" << command.about << '\n' << command.options;
  return text.str();
}

std::string command_list(const ProgramManual& program) {
  std::string text =
      fmt::format("Usage: {} COMMAND [arguments]\n\n{}\nCommands:\n", program.name, program.about);
  std::size_t width = 0;
  for (const CommandManual& command : program.commands) {
    width = std::max(width, command.name.size());
  }
  for (const CommandManual& command : program.commands) {
    text += fmt::format("  {:<{}}  {}\n", command.name, width, command.summary);
  }
  return text + fmt::format("\n'{} COMMAND --help' says more. --version prints the version.\n",
                            program.name);
}

}  // namespace macula
