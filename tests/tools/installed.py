"""The installed package can be built upon, from outside the tree: a new protocol, and ours.

    python3 installed.py --build build/release --cmake cmake --compiler c++

Installs into a scratch folder, copies examples/gossip out of the tree, builds it there against the
package, and runs it: it needs no library but those of the language, none of our compile options
reach it, what it prints is examples/gossip/output.txt, and its invariant holds with every seed and
fails without the part of the protocol that it guards. Then a program that takes every component.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples/gossip"
SEEDS = range(1, 21)
# What the compiler links by itself.
LANGUAGE = re.compile(r"^(linux-vdso|libstdc\+\+|libm|libgcc_s|libc)\.so|^/lib\S*/ld-linux")

EVERYTHING_CMAKE = """\
cmake_minimum_required(VERSION 3.25)
project(everything LANGUAGES CXX)
find_package(macula_sim REQUIRED COMPONENTS macula)
add_executable(everything main.cc)
target_link_libraries(everything PRIVATE macula::sim_macula macula::sim_file macula::dht_quic_udp)
"""

# A scenario is read, run and judged; and the QUIC host is there.
EVERYTHING_MAIN = """\
#include <iostream>
#include <string>

#include "dht/quic/engine/credentials.h"
#include "sim/file/parse.h"
#include "sim/macula/kit.h"
#include "sim/run/run.h"

int main(int, char** argv) {
  const auto scenario = macula::sim::parse_scenario(macula::sim::macula_kit(), argv[1]);
  if (!scenario) return 2;
  const macula::sim::RunResult result = macula::sim::run_scenario(*scenario, 1, {});
  std::cout << std::hex << result.digest << '\\n';
  return macula::dht::quic::Credentials::from_seed(std::string(32, 'k')) ? 0 : 1;
}
"""

problems = []


def run(*command, fails=False):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if (done.returncode != 0) != fails:
        sys.exit(f"{' '.join(map(str, command))}: ends with {done.returncode}\n"
                 f"{done.stdout}{done.stderr}")
    return done.stdout


def expect(holds, what):
    if not holds:
        problems.append(what)


def build(arguments, source, folder, prefix, *options):
    launcher = shutil.which("ccache")
    run(arguments.cmake, "-S", source, "-B", folder, f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DCMAKE_CXX_COMPILER={arguments.compiler}", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
        *([f"-DCMAKE_CXX_COMPILER_LAUNCHER={launcher}"] if launcher else []), *options)
    run(arguments.cmake, "--build", folder)


def check_gossip(arguments, scratch, prefix):
    folder = scratch / "gossip-build"
    shutil.copytree(EXAMPLE, scratch / "gossip")
    # Nothing may be asked for but what is installed.
    build(arguments, scratch / "gossip", folder, prefix,
          "-DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON")
    program = folder / "gossip"

    for entry in json.loads((folder / "compile_commands.json").read_text()):
        command = entry["command"]
        expect("-Werror" not in command, f"our compile options reach the user: {command}")
        expect(str(ROOT) not in command, f"our tree reaches the user: {command}")
    for line in run("ldd", program).splitlines():
        expect(LANGUAGE.match(line.strip()), f"the network needs a library: {line.strip()}")

    wanted = (EXAMPLE / "output.txt").read_text()
    expect(run(program, 1) == wanted, f"it prints\n{run(program, 1)}and not\n{wanted}")
    expect(run(program, 1, "--encoded") == wanted, "encoded messages make another run")
    for seed in SEEDS:
        run(program, seed)
        expect("violated" in run(program, seed, "--no-pull", fails=True),
               f"seed {seed}: nobody notices that there is no pull repair")


def check_everything(arguments, scratch, prefix):
    source = scratch / "everything"
    source.mkdir()
    (source / "CMakeLists.txt").write_text(EVERYTHING_CMAKE)
    (source / "main.cc").write_text(EVERYTHING_MAIN)
    build(arguments, source, scratch / "everything-build", prefix)
    name = "scenarios/integration/strict/dht_peer_discovery.toml"
    digest = run(scratch / "everything-build/everything", ROOT / name).strip().zfill(16)
    recorded = (ROOT / "tests/digests.tsv").read_text().splitlines()
    expect(f"{name}\t1\t{digest}" in recorded, f"{name}: the digest is {digest} there")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--cmake", required=True)
    parser.add_argument("--compiler", required=True)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        prefix = scratch / "prefix"
        run(arguments.cmake, "--install", arguments.build, "--prefix", prefix)
        check_gossip(arguments, scratch, prefix)
        check_everything(arguments, scratch, prefix)
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
