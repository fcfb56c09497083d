"""The installed package can be built upon, from outside the tree: a new protocol, and ours.

    python3 installed.py --build build/release --cmake cmake --compiler c++

Installs into a scratch folder, copies examples/gossip out of the tree, builds it there against the
package, and runs its scenario: it passes with every seed, encoded or not, and fails with every one
without the part of the protocol that it is about; what its parameters may not be is said with its
place; none of our compile options reach it. Then its nodes on the network alone, which needs no
library but those of the language, and a program that takes every component.
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
SEEDS = "1..20"
NO_QUIC = re.compile(r"ngtcp2|gnutls")
# The libraries that the compiler links by itself.
LANGUAGE = re.compile(r"^(linux-vdso|libstdc\+\+|libm|libgcc_s|libc)\.so|^/lib\S*/ld-linux")

ALONE_CMAKE = """\
cmake_minimum_required(VERSION 3.25)
project(alone LANGUAGES CXX)
find_package(macula_sim REQUIRED COMPONENTS network)
add_executable(alone alone.cc gossip.cc codec.cc)
target_link_libraries(alone PRIVATE macula::sim_net)
"""

# Two nodes, and a rumour that gets from one to the other.
ALONE_MAIN = """\
#include "codec.h"
#include "gossip.h"
#include "sim/net/virtual_network_parts.h"

int main() {
  using namespace macula;
  const sim::LinkModel links;
  transport::PeerBook book;
  std::vector<transport::Peer> peers;
  sim::VirtualNetwork<gossip::Rumours, gossip::RumourCodec> network(book, links, {});
  for (std::uint32_t i = 0; i < 2; ++i) {
    peers.push_back(*book.intern(
        {{{i + std::uint64_t{1}, 0, 0, 0}}, transport::make_ipv4(0x0b000001 + i, 9443), {}}));
    network.add_node({"node" + std::to_string(i), peers[i]});
  }
  gossip::Gossip a(network.host(0), {peers[1]}, {});
  gossip::Gossip b(network.host(1), {peers[0]}, {});
  network.start(0, a);
  network.start(1, b);
  network.schedule(kTimeZero, [&] { a.tell({7, "the king is dead"}); });
  const bool in_time = network.run_until(kTimeZero + std::chrono::seconds(10));
  return in_time && b.known().count(7) == 1 ? 0 : 1;
}
"""

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
    return done.stdout + (done.stderr if fails else "")


def expect(holds, what):
    if not holds:
        problems.append(what)


def build(arguments, source, folder, prefix, *options):
    launcher = shutil.which("ccache")
    run(arguments.cmake, "-S", source, "-B", folder, f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DCMAKE_CXX_COMPILER={arguments.compiler}", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
        *([f"-DCMAKE_CXX_COMPILER_LAUNCHER={launcher}"] if launcher else []), *options)
    run(arguments.cmake, "--build", folder)


def check_commands(folder):
    for entry in json.loads((folder / "compile_commands.json").read_text()):
        command = entry["command"]
        expect("-Werror" not in command, f"our compile options reach the user: {command}")
        expect(str(ROOT) not in command, f"our tree reaches the user: {command}")


def without_speed(printed):
    return re.sub(r" in \S+s, .* messages/s", "", printed)


def check_gossip(arguments, scratch, prefix):
    folder = scratch / "gossip-build"
    shutil.copytree(EXAMPLE, scratch / "gossip")
    build(arguments, scratch / "gossip", folder, prefix)
    check_commands(folder)
    program, file = folder / "gossip", scratch / "gossip/partition.toml"

    expect(NO_QUIC.search(run("ldd", program)) is None, "a protocol of one's own needs QUIC")
    printed = without_speed(run(program, "run", file))
    wanted = (EXAMPLE / "output.txt").read_text()
    expect(printed == wanted, f"it prints\n{printed}and not\n{wanted}")
    typed, encoded = (without_speed(run(program, "run", file, "--seeds", SEEDS, "--set",
                                        f"scenario.wire={wire}")) for wire in ("typed", "encoded"))
    expect("20 passed, 0 failed" in typed, f"not every seed passes:\n{typed}")
    expect(typed == encoded, f"encoded messages make other runs:\n{typed}{encoded}")
    told = run(program, "run", file, "--seeds", SEEDS, "--set", "protocol.pull=false", fails=True)
    expect("0 passed, 20 failed" in told, f"nobody notices that there is no pull repair:\n{told}")

    # Each fault is told with its place.
    text = file.read_text()
    for right, wrong, said in [
            ("fanout = 3", "fanout = 0", ":10:10: error: `fanout` takes 1 to 100, not 0"),
            ("fanout = 3", "k = 3", ":10:1: error: unknown key `k`; [protocol] knows fanout, "),
            ('crash = "west#5"', 'crash = "holders(a)"', ":40:9: error: `crash`: `holders(a)`: the "
             "nodes of this protocol are near to no key and hold none"),
            ("reached(the king is dead)", "messages(ping)",
             "unknown message `ping`; there are any, news")]:
        expect(right in text, f"{file.name} has no `{right}`")
        file.write_text(text.replace(right, wrong, 1))
        printed = run(program, "run", file, fails=True)
        expect(said in printed, f"`{wrong}` is not met with `{said}` but\n{printed}")
    file.write_text(text)
    printed = run(program, "run", file, "--world", "virtual-quic", fails=True)
    expect("the protocol `gossip` runs in virtual, not in" in printed, printed)
    printed = run(program, "frame", "decode", "01", fails=True)
    expect("gossip: unknown command 'frame'" in printed, printed)


def check_alone(arguments, scratch, prefix):
    source, folder = scratch / "alone", scratch / "alone-build"
    shutil.copytree(EXAMPLE, source)
    (source / "CMakeLists.txt").write_text(ALONE_CMAKE)
    (source / "alone.cc").write_text(ALONE_MAIN)
    # Nothing may be asked for but what is installed.
    build(arguments, source, folder, prefix, "-DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON")
    check_commands(folder)
    run(folder / "alone")
    for line in run("ldd", folder / "alone").splitlines():
        expect(LANGUAGE.match(line.strip()), f"the network needs a library: {line.strip()}")


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
        check_alone(arguments, scratch, prefix)
        check_everything(arguments, scratch, prefix)
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
