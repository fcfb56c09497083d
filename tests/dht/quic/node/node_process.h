// Runs `macula-node` as a user does.
//
//   NodeProcess node({"run", "--listen", "127.0.0.1:0", ...});   // in the background
//   std::string at = node.said("listening on ");
//   Output output = run_client({"ping", "--via", at});           // to its end
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tests/temp_folder.h"

namespace macula::dht::quic {

using Words = std::vector<std::string>;

// The arguments of a node on ports that the system chooses.
inline Words run_words(const Words& more = {}) {
  Words words{"run", "--listen", "127.0.0.1:0", "--health", "127.0.0.1:0"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

struct Output {
  int code = -1;  // exit code; -1 where a signal ended it
  std::string out;
  std::string err;
};

class NodeProcess {
 public:
  explicit NodeProcess(const std::vector<std::string>& arguments);
  // Its standard error stream goes to this file; an empty name: it is closed.
  NodeProcess(const std::vector<std::string>& arguments, const std::string& err);
  // Its standard output, too.
  NodeProcess(const std::vector<std::string>& arguments, const std::string& out,
              const std::string& err);
  ~NodeProcess();  // kills what still runs
  NodeProcess(const NodeProcess&) = delete;
  NodeProcess& operator=(const NodeProcess&) = delete;

  // The rest of the line that begins so, on its standard output; waits for it. Empty: it does not
  // say so.
  [[nodiscard]] std::string said(const std::string& beginning) const;
  [[nodiscard]] std::string errors() const { return read_text(folder_.path("err")); }
  // Waits until its standard error stream holds this text. False: it does not say so.
  [[nodiscard]] bool logs(const std::string& text) const;
  void signal(int number) const;
  // Bytes of memory that it holds.
  [[nodiscard]] std::size_t resident_bytes() const;
  // Waits for its end, at most a good while; -1 where it does not come or was a signal's.
  int wait();

 private:
  TempFolder folder_;
  int pid_ = -1;
};

struct HttpReply {
  int status = 0;
  std::string body;
};

// A number of its /metrics; nothing where there is none of this name.
[[nodiscard]] std::optional<double> metric(const std::string& at, const std::string& name);

// A reply of a node's HTTP server; `at`: the address as the node tells it.
[[nodiscard]] HttpReply http_get(const std::string& at, const std::string& path);

[[nodiscard]] Output run_client(const std::vector<std::string>& arguments);
// Its streams go to these files; an empty name: it is closed.
[[nodiscard]] Output run_client(const std::vector<std::string>& arguments, const std::string& out,
                                const std::string& err);

}  // namespace macula::dht::quic
