"""Proves from the built library what dht/ cannot reach: clocks, sockets, threads, random devices.

    python3 dht_symbols.py --may-use libmacula_base.a libmacula_dht_wire.a libmacula_dht_node.a
    python3 dht_symbols.py --refuses clock_gettime,socket libforbidden.a   # the check of the check

Every symbol that the libraries leave undefined must be defined by one of them, by one named with
--may-use, or belong to a family below. A symbol that nobody thought of is refused until somebody
does.
"""

import argparse
import re
import subprocess
import sys

# Each family is matched against the whole demangled name, arguments cut off.
ALLOWED = [
    # The language's own run time.
    r"__cxa_\w+", r"__gxx_personality_v0", r"_Unwind_Resume", r"__stack_chk_fail", r"__dso_handle",
    r"_GLOBAL_OFFSET_TABLE_", r"__(u|)(div|mod|divmod)ti\d", r"(vtable|typeinfo)( name)? for .*",
    r"operator (new|delete)(\[\])?", r"abort", r"std::terminate", r"atexit",
    r"std::nothrow", r"__libc_single_threaded",
    # Memory and text.
    r"mem(cpy|move|set|cmp|chr)", r"__mem(cpy|move|set)_chk", r"bcmp", r"str(len|chr|cmp|ncmp)",
    r"malloc", r"free", r"realloc", r"calloc", r"inet_pton", r"inet_ntop",
    r"__(v|)snprintf_chk", r"snprintf",
    # A failed check says so before it aborts (base/check.h).
    r"stderr", r"fprintf", r"__fprintf_chk", r"fwrite",
    # The parts of the standard library that only compute.
    r"std::__throw_\w+", r"std::__\w*::_(Prime|Rb|List)\w*::\w+", r"std::_Rb_tree_\w+",
    r"std::__detail::\w+(::\w+)*", r"std::_Hash_bytes", r"std::from_chars", r"std::to_chars",
    r"std::allocator<.*", r"std::(__cxx11::|__1::|)basic_string<.*", r"std::(__1::|)char_traits<.*",
    r"std::(\w+::|)(exception|bad_alloc|bad_cast|bad_variant_access|length_error|logic_error"
    r"|out_of_range|invalid_argument|runtime_error|overflow_error|range_error)(::.*|)",
    r"std::_Sp_\w+::.*", r"std::__glibcxx_assert_fail",
    # Hashes and signatures of given bytes. Nothing else of libsodium: keys are made elsewhere, from
    # randomness that is given.
    r"crypto_hash_sha(256|512)(_\w+)?", r"crypto_sign_(verify_)?detached",
    r"crypto_sign_seed_keypair", r"crypto_shorthash", r"sodium_mem(zero|cmp)",
]


def nm(*arguments):
    listed = subprocess.run(["nm", *arguments], check=True, capture_output=True, text=True).stdout
    return listed.splitlines()


def symbols(library, kind):
    """Raw names, from nm's lines "name type [value size]"."""
    return {line.split()[0] for line in nm("-P", f"--{kind}-only", library)
            if line and not line.endswith(":")}


def demangled(names):
    text = "\n".join(names)
    shown = subprocess.run(["c++filt"], input=text, check=True, capture_output=True,
                           text=True).stdout.splitlines()
    return dict(zip(names, shown))


def without_arguments(name):
    """"f(int)" -> "f"; the parentheses of "operator()" and of "(anonymous namespace)" stay."""
    if name.startswith(("vtable", "typeinfo", "std::basic_string", "std::__cxx11::basic_string",
                        "std::char_traits", "std::_Sp_")):
        return name
    return re.sub(r"(?<!operator)\((?!anonymous).*$", "", name)


def refused(libraries, may_use):
    known = set().union(*(symbols(library, "defined") for library in libraries + may_use))
    unknown = sorted(set().union(*(symbols(each, "undefined") for each in libraries)) - known)
    family = re.compile("|".join(f"(?:{pattern})" for pattern in ALLOWED))
    return [shown for shown in demangled(unknown).values()
            if not family.fullmatch(without_arguments(shown))]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("libraries", nargs="+", metavar="LIBRARY")
    parser.add_argument("--may-use", action="append", default=[], metavar="LIBRARY")
    parser.add_argument("--refuses", help="symbols that must be refused, comma-separated")
    arguments = parser.parse_args()
    found = refused(arguments.libraries, arguments.may_use)
    if arguments.refuses is None:
        for name in found:
            print(f"dht/ reaches for: {name}")
        return 1 if found else 0
    missed = [name for name in arguments.refuses.split(",")
              if not any(re.search(rf"\b{name}\b", symbol) for symbol in found)]
    for name in missed:
        print(f"not refused: {name}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
