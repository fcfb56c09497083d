// Runs `macula-node` as a user does.
//
//   NodeProcess node({"run", "--listen", "127.0.0.1:0", ...});   // in the background
//   std::string at = node.said("listening on ");
//   Output output = run_client({"ping", "--via", at});           // to its end
#pragma once

#include <string>
#include <vector>

#include "tests/dht/quic/node/temp_folder.h"

namespace macula::dht::quic {

struct Output {
  int code = -1;  // exit code; -1 where a signal ended it
  std::string out;
  std::string err;
};

class NodeProcess {
 public:
  explicit NodeProcess(const std::vector<std::string>& arguments);
  ~NodeProcess();  // kills what still runs
  NodeProcess(const NodeProcess&) = delete;
  NodeProcess& operator=(const NodeProcess&) = delete;

  // The rest of the line that begins so, on its standard output; waits for it. Empty: it does not
  // say so.
  [[nodiscard]] std::string said(const std::string& beginning) const;
  [[nodiscard]] std::string errors() const { return read_text(folder_.path("err")); }
  void signal(int number) const;
  // Waits for its end, at most a good while; -1 where it does not come or was a signal's.
  int wait();

 private:
  TempFolder folder_;
  int pid_ = -1;
};

[[nodiscard]] Output run_client(const std::vector<std::string>& arguments);

}  // namespace macula::dht::quic
