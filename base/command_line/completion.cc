#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/command_line/man_page.h"

namespace macula {
namespace {

// In single quotes of a shell.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

bool is_file(const OptionManual& option) {
  return option.value.rfind("FILE", 0) == 0;
}

bool is_folder(const OptionManual& option) {
  return option.value.rfind("DIR", 0) == 0;
}

// The name of a shell function.
std::string function_of(const ProgramManual& program) {
  std::string name = "_" + program.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::string names_of(const ProgramManual& program) {
  std::string names;
  for (const CommandManual& command : program.commands) names += command.name + " ";
  return names + "--help --version";
}

// The words that may follow an option that takes a value, as an arm of bash's `case $previous`.
std::string bash_value(const OptionManual& option) {
  std::string reply = "COMPREPLY=()";
  // A name on each line: names may hold spaces.
  if (is_file(option)) reply = "mapfile -t COMPREPLY < <(compgen -f -- \"$word\")";
  if (is_folder(option)) reply = "mapfile -t COMPREPLY < <(compgen -d -- \"$word\")";
  if (!option.choices.empty()) {
    reply = fmt::format("COMPREPLY=($(compgen -W {} -- \"$word\"))",
                        quoted(fmt::format("{}", fmt::join(option.choices, " "))));
  }
  return fmt::format("        --{}) {}; return ;;\n", option.name, reply);
}

std::string bash_command(const CommandManual& command) {
  std::string values;
  std::string names;
  for (const OptionManual& option : options_of(command)) {
    if (!option.value.empty()) values += bash_value(option);
    names += (names.empty() ? "--" : " --") + option.name;
    if (option.letter != 0) names += fmt::format(" -{}", option.letter);
  }
  std::string text = fmt::format("    {})\n", command.name);
  if (!values.empty()) text += "      case $previous in\n" + values + "      esac\n";
  text += fmt::format("      options={}\n", quoted(names));
  text += fmt::format("      words={}\n", quoted(fmt::format("{}", fmt::join(command.words, " "))));
  text += fmt::format("      files={}\n      ;;\n", command.takes_files ? "yes" : "");
  return text;
}

// "[what it does]", with what zsh takes for its own escaped.
std::string zsh_about(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_option(const OptionManual& option) {
  std::string action;
  if (is_file(option)) action = "_files";
  if (is_folder(option)) action = "_files -/";
  if (!option.choices.empty()) action = fmt::format("({})", fmt::join(option.choices, " "));
  const bool takes = !option.value.empty();
  std::string text = fmt::format("[{}]", zsh_about(option.about));
  if (takes) text += fmt::format(":{}:{}", zsh_about(option.value), action.empty() ? " " : action);
  std::string spec = quoted(fmt::format("*--{}{}{}", option.name, takes ? "=" : "", text));
  if (option.letter != 0) spec += " " + quoted(fmt::format("*-{}{}", option.letter, text));
  return spec;
}

std::string fish_option(const ProgramManual& program, const CommandManual& command,
                        const OptionManual& option) {
  std::string text = fmt::format("complete -c {} -n '__fish_seen_subcommand_from {}' -l {} -d {}",
                                 program.name, command.name, option.name, quoted(option.about));
  if (option.letter != 0) text += fmt::format(" -s {}", option.letter);
  if (option.value.empty()) return text + "\n";
  text += " -r";
  if (is_file(option)) text += " -F";
  if (is_folder(option)) text += " -x -a '(__fish_complete_directories)'";
  if (!option.choices.empty()) {
    text += " -x -a " + quoted(fmt::format("{}", fmt::join(option.choices, " ")));
  }
  return text + "\n";
}

}  // namespace

std::string bash_completion(const ProgramManual& program) {
  const std::string function = function_of(program);
  std::string text = fmt::format(
      "# Completions of {0} for bash, made from its tables of options.\n{1}() {{\n"
      "  local word=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}\n"
      "  local options= words= files= names=\n"
      // "--world=" comes as two words.
      "  if [[ $word == = ]]; then word=\n"
      "  elif [[ $previous == = ]]; then previous=${{COMP_WORDS[COMP_CWORD - 2]}}\n  fi\n"
      "  if [[ $COMP_CWORD -eq 1 ]]; then\n"
      "    COMPREPLY=($(compgen -W {2} -- \"$word\"))\n    return\n  fi\n"
      "  case ${{COMP_WORDS[1]}} in\n",
      program.name, function, quoted(names_of(program)));
  for (const CommandManual& command : program.commands) text += bash_command(command);
  text += fmt::format(
      "  esac\n"
      "  if [[ $word == -* ]]; then\n"
      "    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
      "  else\n"
      "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
      "    if [[ -n $files ]]; then\n"
      "      mapfile -t names < <(compgen -f -- \"$word\")\n"
      "      COMPREPLY+=(\"${{names[@]}}\")\n    fi\n"
      "  fi\n}}\ncomplete -o filenames -F {} {}\n",
      function, program.name);
  return text;
}

std::string zsh_completion(const ProgramManual& program) {
  std::string text = fmt::format(
      "#compdef {0}\n# Completions of {0} for zsh, made from its tables of options.\n"
      "local -a commands\ncommands=(\n",
      program.name);
  for (const CommandManual& command : program.commands) {
    text += "  " + quoted(command.name + ":" + zsh_about(command.summary)) + "\n";
  }
  text +=
      ")\nif (( CURRENT == 2 )); then\n  _describe -t commands command commands\n"
      "  [[ $words[2] != -* ]] || compadd -- --help --version\n"
      "  return\nfi\nlocal command=$words[2]\nshift words\n(( CURRENT-- ))\ncase $command in\n";
  for (const CommandManual& command : program.commands) {
    text += fmt::format("  {})\n    _arguments", command.name);
    for (const OptionManual& option : options_of(command))
      text += " \\\n      " + zsh_option(option);
    if (!command.words.empty()) {
      text += fmt::format(" \\\n      '1:{}:({})'", zsh_about(command.operands),
                          fmt::join(command.words, " "));
    }
    if (command.takes_files) text += " \\\n      '*:file:_files'";
    text += "\n    ;;\n";
  }
  return text + "esac\n";
}

std::string fish_completion(const ProgramManual& program) {
  std::string text = fmt::format(
      "# Completions of {0} for fish, made from its tables of options.\ncomplete -c {0} -f\n"
      "complete -c {0} -n __fish_use_subcommand -l help -d 'list the commands'\n"
      "complete -c {0} -n __fish_use_subcommand -l version -d 'print the version'\n",
      program.name);
  for (const CommandManual& command : program.commands) {
    text += fmt::format("complete -c {} -n __fish_use_subcommand -a {} -d {}\n", program.name,
                        command.name, quoted(command.summary));
    if (command.takes_files) {
      text += fmt::format("complete -c {} -n '__fish_seen_subcommand_from {}' -F\n", program.name,
                          command.name);
    }
    if (!command.words.empty()) {
      text +=
          fmt::format("complete -c {} -n '__fish_seen_subcommand_from {}' -a {}\n", program.name,
                      command.name, quoted(fmt::format("{}", fmt::join(command.words, " "))));
    }
    for (const OptionManual& option : options_of(command)) {
      text += fish_option(program, command, option);
    }
  }
  return text;
}

}  // namespace macula
