# Writes the version and the commit of the sources to OUT, a source file; only when they changed.
# Sources with changes are told apart by a hash of these: results are kept by it.
#
#   cmake -DSOURCE=.. -DVERSION=0.1.0 -DOUT=version.cc -P version.cmake
execute_process(COMMAND git -C ${SOURCE} describe --always --abbrev=12 --exclude=* --dirty=+
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
                RESULT_VARIABLE failed)
if(failed)
  set(commit unknown)
endif()
if(commit MATCHES "[+]$")
  set(code base transport dht sim analysis cmake CMakeLists.txt)
  execute_process(COMMAND git -C ${SOURCE} diff HEAD --binary -- ${code} OUTPUT_VARIABLE changes)
  execute_process(COMMAND git -C ${SOURCE} ls-files --others --exclude-standard -- ${code}
                  OUTPUT_VARIABLE files OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(REPLACE "\n" ";" files "${files}")
  foreach(file ${files})
    file(SHA256 ${SOURCE}/${file} hash)
    string(APPEND changes "${file} ${hash}\n")
  endforeach()
  if(changes)
    string(SHA256 hash "${changes}")
    string(SUBSTRING ${hash} 0 8 hash)
    string(APPEND commit ${hash})
  endif()
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
