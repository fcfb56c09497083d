// `macula-manuals FOLDER`: writes man pages and shell completions of all programs, from their
// tables of options, as they are installed below share/. Run by the build.

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <system_error>

#include "base/command_line/man_page.h"
#include "dht/quic/node/manual.h"
#include "sim/cli/frame/frame.h"
#include "sim/cli/manual.h"
#include "sim/study/version.h"

namespace macula {
namespace {

bool write(const std::filesystem::path& path, const std::string& text) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return true;
  std::cerr << "macula-manuals: cannot write " << path.string() << '\n';
  return false;
}

bool write_all(const std::filesystem::path& folder, const ProgramManual& program) {
  return write(folder / "man/man1" / (program.name + ".1"),
               man_page(program, sim::program_version())) &&
         write(folder / "bash-completion/completions" / program.name, bash_completion(program)) &&
         write(folder / "zsh/site-functions" / ("_" + program.name), zsh_completion(program)) &&
         write(folder / "fish/vendor_completions.d" / (program.name + ".fish"),
               fish_completion(program));
}

}  // namespace
}  // namespace macula

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: macula-manuals FOLDER\n";
    return 2;
  }
  const bool good =
      macula::write_all(argv[1], macula::sim::simulator_manual({macula::sim::frame_command()})) &&
      macula::write_all(argv[1], macula::dht::quic::node_manual());
  return good ? 0 : 2;
}
