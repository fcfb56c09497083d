"""Lists the project's files with the given endings, one a line: python3 sources.py .h .cc

Tracked files and new ones that git would track; build folders are not among them.
"""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def sources(*endings):
    """Paths relative to the root, sorted. Without endings: every file."""
    command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "ls-files", "-z",
               "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return sorted(name for name in set(listed.split("\0"))
                  if name and name.endswith(endings or "") and (ROOT / name).is_file())


if __name__ == "__main__":
    print("\n".join(sources(*sys.argv[1:])))
