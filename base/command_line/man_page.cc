#include "base/command_line/man_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>

namespace macula {
namespace {

// As text in roff: no line is taken for a request, no character for an escape or a hyphen.
std::string roff(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'') {
      out += "\\(aq";
    } else {
      out += c;
    }
    line_begins = c == '\n';
  }
  return out;
}

// Paragraphs stand apart by an empty line.
std::string paragraphs(std::string_view text) {
  std::string out;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) {
    out += line.empty() ? ".PP\n" : roff(line) + "\n";
  }
  return out;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string option(const OptionManual& option) {
  std::string text = ".TP\n";
  if (option.letter != 0) text += fmt::format("\\fB\\-{}\\fR, ", option.letter);
  text += fmt::format("\\fB\\-\\-{}\\fR", roff(option.name));
  if (!option.value.empty()) text += fmt::format(" \\fI{}\\fR", roff(option.value));
  return text + "\n" + paragraphs(option.about);
}

}  // namespace

std::string man_page(const ProgramManual& program, std::string_view version) {
  std::string page = fmt::format(".TH {} 1 \"\" \"{} {}\" \"User Commands\"\n",
                                 upper(roff(program.name)), roff(program.name), roff(version));
  page +=
      fmt::format(".SH NAME\n{} \\- {}\n.SH SYNOPSIS\n", roff(program.name), roff(program.summary));
  for (const CommandManual& command : program.commands) {
    page += fmt::format(".B {} {}\n{} [options]\n.br\n", roff(program.name), roff(command.name),
                        roff(command.operands));
  }
  page += ".SH DESCRIPTION\n" + paragraphs(program.about) + ".SH COMMANDS\n";
  for (const CommandManual& command : program.commands) {
    page += fmt::format(".SS {} {}\n", roff(command.name), roff(command.operands));
    page += paragraphs(command.about);
    for (const OptionManual& each : options_of(command)) page += option(each);
  }
  page += ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : program.exit_codes) {
    page += fmt::format(".TP\n.B {}\n{}\n", code, roff(meaning));
  }
  return page;
}

}  // namespace macula
