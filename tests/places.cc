#include "tests/places.h"

namespace macula {

const char* source_dir() {
  return MACULA_SOURCE_DIR;
}

const char* macula_sim() {
  return MACULA_SIM;
}

const char* macula_node() {
  return MACULA_NODE;
}

}  // namespace macula
