// The manual of a program: its commands and their options. `--help`, man pages and shell
// completions are made of it.
//
//   std::cout << help_text("macula-sim", manual);   // of one command
//   std::cout << command_list(program_manual);      // of the program
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace macula {

struct CommandManual {
  std::string name;      // "run"
  std::string operands;  // "PATH...", as people read it; empty: none
  std::string summary;   // a line for the list of commands
  std::string about;     // paragraphs, each of whole lines
  // An option's value is named for what it is: FILE, DIR, "bound|unbound" where it is one of these.
  boost::program_options::options_description options{"Options"};
  std::vector<std::string> words{};  // what the first operand may be, where it is one of these
  bool takes_files = false;          // its operands are files or folders
};

struct ProgramManual {
  std::string name;     // "macula-sim"
  std::string summary;  // "simulator and test harness of a DHT"
  std::string about;    // paragraphs
  std::vector<CommandManual> commands;
  std::vector<std::pair<int, std::string>> exit_codes;
};

// One option, taken apart.
struct OptionManual {
  std::string name;                  // "seeds"
  char letter = 0;                   // of "-v"; 0: none
  std::string value;                 // "A..B"; empty: it takes none
  std::string about;                 // a line
  std::vector<std::string> choices;  // of a value that is one of these
};

[[nodiscard]] std::vector<OptionManual> options_of(const CommandManual& command);

// The text that `PROGRAM COMMAND --help` prints.
[[nodiscard]] std::string help_text(std::string_view program, const CommandManual& command);

// The text that `PROGRAM --help` prints.
[[nodiscard]] std::string command_list(const ProgramManual& program);

}  // namespace macula
