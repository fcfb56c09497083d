#include "tests/sim/program.h"

#include <sys/wait.h>

#include <cstdlib>

#include "tests/places.h"

namespace macula::sim {
namespace {

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

Output run_program(const std::vector<std::string>& arguments) {
  const TempFolder folder;
  std::string command = quoted(macula_sim());
  for (const std::string& argument : arguments) command += " " + quoted(argument);
  command += " >" + folder.path("out") + " 2>" + folder.path("err") + " </dev/null";
  const int status = std::system(command.c_str());
  Output output;
  output.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  output.out = read_text(folder.path("out"));
  output.err = read_text(folder.path("err"));
  return output;
}

std::string scenario_text(const std::string& name, bool holds) {
  return "[scenario]\nschema = 1\nname = \"" + name +
         "\"\nabout = \"Two nodes, a ping a second.\"\nseed = 7\nduration = \"20s\"\n\n"
         "[latency]\ndefault = \"uniform(5ms, 40ms)\"\n\n"
         "[[node]]\nname = \"hub\"\nrole = \"bootstrap\"\n\n"
         "[[node]]\nname = \"edge\"\njoin = { via = \"hub\" }\n\n"
         "[[at]]\nt = \"5s\"\nevery = \"1s\"\nuntil = \"15s\"\n"
         "ping = { by = \"edge\", to = \"hub\", label = \"beat\" }\n\n"
         "[[expect]]\nname = \"the hub answers\"\nfinally = true\n"
         "metric = \"success_rate(beat)\"\n" +
         (holds ? "at_least = \"99%\"\n" : "at_most = \"50%\"\n");
}

}  // namespace macula::sim
