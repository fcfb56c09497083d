// A small run in which much goes wrong: loss, crashes, a pause, a partition, cancelled operations.
#pragma once

#include <string>

namespace macula::sim {

inline const std::string kTroubledText = R"toml(
[scenario]
schema = 1
name = "troubled"
duration = "1min"
[latency]
default = "uniform(5ms, 40ms)"
loss = "2%"
[[node]]
name = "bootstrap"
[[group]]
name = "eu"
count = 12
region = "north"
join = { via = "bootstrap", spread = "3s" }
[[at]]
t = "8s"
every = "1s"
until = "50s"
label = "store"
store = { by = "any(eu)", key = "note-{n}", value = "1" }
[[at]]
t = "9s"
every = "500ms"
until = "50s"
label = "find"
find = { by = "any(eu)", key = "note-{uniform(10)}", local = false }
[[at]]
t = "12s"
every = "2s"
until = "50s"
label = "hasty"
lookup = { by = "any(eu)", key = "k-{n}", cancel_after = "30ms" }
[[at]]
t = "15s"
crash = "eu#7 + eu#8"
[[at]]
t = "16s"
every = "5s"
until = "50s"
ping = { by = "eu#1", to = "eu#7", timeout = "100ms" }
[[at]]
t = "20s"
pause = "eu#9"
[[at]]
t = "23s"
resume = "eu#9"
[[at]]
t = "25s"
partition = { between = ["eu#1 + eu#2 + eu#3", "bootstrap + eu#4 + eu#5 + eu#6"] }
[[at]]
t = "35s"
heal = "all"
[[at]]
t = "40s"
restart = { nodes = "eu#7", state = "keep" }
[[expect]]
name = "some up"
metric = "healthy(all)"
at_least = "10%"
)toml";

}  // namespace macula::sim
