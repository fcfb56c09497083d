// SIGINT and SIGTERM as something to ask for, so that a command can close its files first.
//
//   watch_signals();
//   while (more() && signal_received() == 0) work();
//   return signal_received() != 0 ? exit_code_of_signal(signal_received()) : kPassed;
#pragma once

namespace macula::sim {

// From now on the first signal is only noted. A second one ends the program at once.
void watch_signals();

// Its number; 0 where none has come.
[[nodiscard]] int signal_received();
[[nodiscard]] inline bool interrupted() {
  return signal_received() != 0;
}

// As shells give it: 130 for SIGINT, 143 for SIGTERM.
[[nodiscard]] constexpr int exit_code_of_signal(int signal) {
  return 128 + signal;
}

}  // namespace macula::sim
