# Writes the version and the commit of the sources to OUT, a source file; only when they changed.
#
#   cmake -DSOURCE=.. -DVERSION=0.1.0 -DOUT=version.cc -P version.cmake
execute_process(COMMAND git -C ${SOURCE} describe --always --abbrev=12 --exclude=* --dirty=+
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
                RESULT_VARIABLE failed)
if(failed)
  set(commit unknown)
endif()
set(text "#include \"sim/study/version.h\"

namespace macula::sim {

std::string_view program_version() {
  return \"${VERSION}\";
}

std::string_view program_commit() {
  return \"${commit}\";
}

}  // namespace macula::sim
")
set(before "")
if(EXISTS ${OUT})
  file(READ ${OUT} before)
endif()
if(NOT text STREQUAL before)
  file(WRITE ${OUT} "${text}")
endif()
