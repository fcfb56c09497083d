// Where tests find what they run and read: absolute paths. Never a macro in the tests themselves,
// whose objects would then be another in every copy of the tree.
#pragma once

namespace macula {

[[nodiscard]] const char* source_dir();   // the root of the project
[[nodiscard]] const char* macula_sim();   // the program
[[nodiscard]] const char* macula_node();  // the program

}  // namespace macula
