// `macula-sim frame decode|encode`: wire frames from hex to JSON and back.
//
//     macula-sim frame decode 014000000000003c82c4...
//     macula-sim frame encode '{"type":"ping","payload":{"timestamp":127}}'
//
// Without arguments each line of the input is taken. To decode, a line is a chunk of whole frames
// in hex, and gives a line of JSON per frame: {"type":..,"payload":..}, or {"error":..} with a
// "value" where there is one to name. To encode, a line is such a JSON object, and gives a line of
// hex; what is wrong with one is said on `err`. See dht/json/wire_json.h for how bytes look in
// JSON.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "sim/cli/manual.h"

namespace macula::sim {

// `arguments` are those after `frame`. Returns the exit code: 2 if anything was refused, else 0.
[[nodiscard]] int run_frame(const std::vector<std::string>& arguments, std::istream& in,
                            std::ostream& out, std::ostream& err);

// As a command of a program, of the standard streams.
[[nodiscard]] Command frame_command();

}  // namespace macula::sim
