// Where in a file something stands.
#pragma once

namespace macula {

// Line and column, both from 1; 0 where the value came from elsewhere.
struct Place {
  int line = 0;
  int column = 0;
};

}  // namespace macula
