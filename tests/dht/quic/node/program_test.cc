// End to end: through the program, over loopback.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "dht/quic/udp/socket_address.h"
#include "dht/quic/udp/unique_fd.h"
#include "tests/dht/quic/node/node_process.h"
#include "tests/places.h"

namespace macula::dht::quic {

namespace {

constexpr auto kPoll = std::chrono::milliseconds(10);
constexpr int kPolls = 12'000;  // a guard against hangs, however busy the machine is
const std::vector<std::string> kPatience{"--timeout", "120s"};

// Opens a stream of the new process; an empty name: it is closed.
void open_as(posix_spawn_file_actions_t& actions, int fd, const std::string& name, int flags) {
  if (name.empty()) {
    posix_spawn_file_actions_addclose(&actions, fd);
  } else {
    posix_spawn_file_actions_addopen(&actions, fd, name.c_str(), flags, 0600);
  }
}

int spawn(const std::vector<std::string>& arguments, const std::string& out,
          const std::string& err) {
  std::vector<std::string> words{macula_node()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> raw;
  for (std::string& word : words) raw.push_back(word.data());
  raw.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const int write = O_WRONLY | O_CREAT | O_TRUNC;
  open_as(actions, 0, "/dev/null", O_RDONLY);
  open_as(actions, 1, out, write);
  open_as(actions, 2, err, write);
  pid_t pid = -1;
  EXPECT_EQ(posix_spawn(&pid, macula_node(), &actions, nullptr, raw.data(), environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

}  // namespace

NodeProcess::NodeProcess(const std::vector<std::string>& arguments)
    : pid_(spawn(arguments, folder_.path("out"), folder_.path("err"))) {}

NodeProcess::NodeProcess(const std::vector<std::string>& arguments, const std::string& err)
    : pid_(spawn(arguments, folder_.path("out"), err)) {}

NodeProcess::NodeProcess(const std::vector<std::string>& arguments, const std::string& out,
                         const std::string& err)
    : pid_(spawn(arguments, out, err)) {}

NodeProcess::~NodeProcess() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

std::string NodeProcess::said(const std::string& beginning) const {
  for (int i = 0; i < kPolls; ++i) {
    const std::string text = "\n" + read_text(folder_.path("out"));
    const std::size_t at = text.find("\n" + beginning);
    const std::size_t end = at == std::string::npos ? at : text.find('\n', at + 1);
    if (end != std::string::npos) {
      const std::size_t begin = at + 1 + beginning.size();
      return text.substr(begin, end - begin);
    }
    std::this_thread::sleep_for(kPoll);
  }
  return {};
}

void NodeProcess::signal(int number) const {
  ::kill(pid_, number);
}

int NodeProcess::wait() {
  for (int i = 0; i < kPolls; ++i) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::this_thread::sleep_for(kPoll);
  }
  return -1;
}

bool NodeProcess::logs(const std::string& text) const {
  for (int i = 0; i < kPolls; ++i) {
    if (errors().find(text) != std::string::npos) return true;
    std::this_thread::sleep_for(kPoll);
  }
  return false;
}

std::size_t NodeProcess::resident_bytes() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::optional<double> metric(const std::string& at, const std::string& name) {
  const std::string page = "\n" + http_get(at, "/metrics").body;
  const std::size_t line = page.find("\n" + name + " ");
  if (line == std::string::npos) return std::nullopt;
  return std::stod(page.substr(line + name.size() + 2));
}

HttpReply http_get(const std::string& at, const std::string& path) {
  const std::string host = at.substr(0, at.find('/'));
  const auto endpoint = parse_endpoint(host);
  if (!endpoint) return {};
  const auto to = to_socket_address(*endpoint, family_of(*endpoint));
  const UniqueFd fd(::socket(family_of(*endpoint), SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(fd.get(), to->get(), to->size) != 0) return {};
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  EXPECT_EQ(::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(request.size()));
  std::string text;
  std::vector<char> chunk(1 << 16);
  for (ssize_t count = 0; (count = ::recv(fd.get(), chunk.data(), chunk.size(), 0)) > 0;) {
    text.append(chunk.data(), static_cast<std::size_t>(count));
  }
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string::npos) return {};
  return {std::stoi(text.substr(text.find(' ') + 1)), text.substr(end + 4)};
}

Output run_client(const std::vector<std::string>& arguments) {
  const TempFolder folder;
  return run_client(arguments, folder.path("out"), folder.path("err"));
}

Output run_client(const std::vector<std::string>& arguments, const std::string& out,
                  const std::string& err) {
  const int pid = spawn(arguments, out, err);
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_text(out), read_text(err)};
}

namespace {

Words operator+(Words a, const Words& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Waits until the node has joined its network; false where it does not.
bool joined(const NodeProcess& node) {
  const std::string address = node.said("health on http://");
  for (int i = 0; i < kPolls; ++i) {
    if (http_get(address, "/health").status == 200) return true;
    std::this_thread::sleep_for(kPoll);
  }
  return false;
}

class ProgramTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(joined(second)) << second.errors(); }

  Output ask(const Words& words) {
    return run_client(words + Words{"--via", second_at} + kPatience);
  }

  NodeProcess first{run_words()};
  std::string first_at = first.said("listening on ");
  NodeProcess second{run_words({"--bootstrap", first_at})};
  std::string second_at = second.said("listening on ");
};

TEST_F(ProgramTest, WhatIsStoredThroughOneNodeIsFoundThroughAnother) {
  const Output stored =
      run_client(Words{"store", "a key", "a value", "--via", first_at, "--json"} + kPatience);
  EXPECT_EQ(stored.code, 0) << stored.err;
  EXPECT_GE(nlohmann::json::parse(stored.out)["replicas"].size(), 1U);
  const Output found = ask({"find", "a key"});
  EXPECT_EQ(found.code, 0) << found.err;
  EXPECT_EQ(found.out, "a value\n");
  const Output missing = ask({"find", "another"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_EQ(missing.out, "");
  EXPECT_NE(missing.err.find("not_found"), std::string::npos);
}

TEST_F(ProgramTest, AProcedureIsFoundAndCalled) {
  NodeProcess provider({"advertise", "shout", "--exec", "tr a-z A-Z", "--via", first_at});
  const std::string at = provider.said("advertised shout at ");
  ASSERT_NE(at, "") << provider.errors();
  const Output discovered = ask({"discover", "shout", "--json"});
  EXPECT_EQ(discovered.code, 0) << discovered.err;
  EXPECT_EQ(nlohmann::json::parse(discovered.out)["providers"][0]["endpoint"], at);
  EXPECT_EQ(ask({"call", "shout", "\"good morning\""}).out, "\"GOOD MORNING\"\n");
  // No JSON once it is in capitals.
  const Output bad = ask({"call", "shout", "true", "--json"});
  EXPECT_EQ(bad.code, 1);
  EXPECT_EQ(nlohmann::json::parse(bad.out)["error"]["code"], "bad_result");
  EXPECT_EQ(ask({"call", "whisper", "1"}).code, 1);
  provider.signal(SIGTERM);
  EXPECT_EQ(provider.wait(), 0);
}

// U+009B begins what a terminal obeys, and is allowed in JSON.
TEST_F(ProgramTest, WhatAProviderAnswersIsShownEscaped) {
  NodeProcess provider(
      {"advertise", "paint", "--exec", R"(printf '"\302\23331m\177"')", "--via", first_at});
  ASSERT_NE(provider.said("advertised paint at "), "") << provider.errors();
  EXPECT_EQ(ask({"call", "paint", "1"}).out, "\"\\u009b31m\\u007f\"\n");
  const Output json = ask({"call", "paint", "1", "--json"});
  EXPECT_EQ(json.out.find("\302\233"), std::string::npos) << json.out;
  EXPECT_EQ(nlohmann::json::parse(json.out)["result"], "\302\23331m\177");
}

// It takes back what it has told: nobody waits for one that has gone.
TEST_F(ProgramTest, AProviderThatEndsInOrderIsListedNoMore) {
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    const std::string procedure = "calc" + std::to_string(number);
    NodeProcess provider({"advertise", procedure, "--exec", "cat", "--via", first_at});
    ASSERT_NE(provider.said("advertised " + procedure + " at "), "") << provider.errors();
    provider.signal(number);
    EXPECT_EQ(provider.wait(), 0) << provider.errors();
    for (const char* command : {"discover", "call"}) {
      Words words{command, procedure};
      if (words[0] == "call") words.emplace_back("1");
      const Output output = ask(words);
      ASSERT_EQ(output.code, 1) << output.out;
      EXPECT_NE(output.err.find("not_found"), std::string::npos) << command << output.err;
    }
  }
}

TEST_F(ProgramTest, WithoutACommandCallsAreRefused) {
  NodeProcess provider({"advertise", "idle", "--via", first_at});
  ASSERT_NE(provider.said("advertised idle at "), "") << provider.errors();
  const Output called = ask({"call", "idle", "1"});
  EXPECT_EQ(called.code, 1);
  EXPECT_NE(called.err.find("not_served"), std::string::npos) << called.err;
}

TEST_F(ProgramTest, AnswersPingAndHealth) {
  const Output ping = ask({"ping", "--json"});
  EXPECT_EQ(ping.code, 0) << ping.err;
  EXPECT_EQ(nlohmann::json::parse(ping.out)["node_id"], second.said("edge node "));
  const Output health = ask({"health"});
  EXPECT_EQ(health.code, 0);
  EXPECT_EQ(health.out.rfind("healthy: ", 0), 0U) << health.out;
}

TEST_F(ProgramTest, SignalsEndItInAnOrderlyWay) {
  for (const int number : {SIGTERM, SIGINT}) {
    NodeProcess node(run_words({"--bootstrap", first_at}));
    ASSERT_NE(node.said("edge node "), "");
    node.signal(number);
    EXPECT_EQ(node.wait(), 0) << node.errors();
  }
}

TEST_F(ProgramTest, ATakenPortThatWasAskedForIsAnErrorElseAFreeOneIsUsed) {
  const Output output = run_client({"run", "--listen", first_at, "--health", "127.0.0.1:0"});
  EXPECT_EQ(output.code, 2);
  EXPECT_NE(output.err.find(first_at), std::string::npos) << output.err;
  NodeProcess one({"run"});
  NodeProcess other({"run"});
  EXPECT_NE(one.said("listening on "), other.said("listening on "));
  EXPECT_NE(one.said("health on "), other.said("health on "));
}

TEST_F(ProgramTest, ItIsTheSameNodeAfterARestartAndKnowsItsNetwork) {
  const TempFolder folder;
  std::string id;
  {
    NodeProcess node(run_words({"--data", folder.path("d"), "--bootstrap", first_at}));
    id = node.said("edge node ");
    ASSERT_TRUE(joined(node)) << node.errors();
    node.signal(SIGTERM);
    ASSERT_EQ(node.wait(), 0);
  }
  EXPECT_NE(read_text(folder.path("d/contacts")).find(first_at), std::string::npos);
  ASSERT_EQ(run_client(Words{"store", "k", "v", "--via", first_at} + kPatience).code, 0);
  NodeProcess again(run_words({"--data", folder.path("d")}));  // no --bootstrap
  EXPECT_EQ(again.said("bootstrap node "), id);
  ASSERT_TRUE(joined(again)) << again.errors();
  const Output found =
      run_client(Words{"find", "k", "--via", again.said("listening on ")} + kPatience);
  EXPECT_EQ(found.out, "v\n") << found.err;
}

TEST(Program, AKeyOpenToOthersIsRefused) {
  const TempFolder folder;
  {
    NodeProcess node(run_words({"--data", folder.path("d")}));
    ASSERT_NE(node.said("bootstrap node "), "");
  }
  ASSERT_EQ(::chmod(folder.path("d/identity").c_str(), 0644), 0);
  const Output output = run_client(run_words({"--data", folder.path("d")}));
  EXPECT_EQ(output.code, 2);
  EXPECT_NE(output.err.find("chmod 600"), std::string::npos) << output.err;
}

TEST(Program, NobodyThereIsUnreachable) {
  for (const char* command : {"ping", "health"}) {
    const Output output = run_client({command, "--via", "127.0.0.1:1", "--timeout", "300ms"});
    EXPECT_EQ(output.code, 1);
    EXPECT_NE(output.err.find("unreachable"), std::string::npos) << output.err;
  }
}

TEST(Program, UnboundIdentityWarns) {
  NodeProcess node(run_words({"--identity", "unbound"}));
  ASSERT_NE(node.said("listening on "), "");
  EXPECT_NE(node.errors().find("unbound"), std::string::npos);
}

TEST(Program, WrongUsageEndsWith2AndHelpWith0) {
  for (const Words& words :
       {Words{}, Words{"rum"}, Words{"run", "--role", "king"}, Words{"run", "x"},
        Words{"store", "k"}, Words{"ping", "--timeout", "5"}, Words{"call", "p", "{"},
        Words{"find", "k", "--via", "here"}, Words{"run", "--config", "/nonexistent.toml"},
        Words{"run", "--listen", "0.0.0.0:0"}}) {
    const Output output = run_client(words);
    EXPECT_EQ(output.code, 2) << (words.empty() ? "" : words.back());
    EXPECT_NE(output.err, "");
    EXPECT_EQ(output.out, "");
  }
  for (const char* command :
       {"run", "health", "ping", "store", "find", "advertise", "discover", "call"}) {
    const Output help = run_client({command, "--help"});
    EXPECT_EQ(help.code, 0) << command;
    EXPECT_EQ(help.out.rfind("Usage: macula-node ", 0), 0U) << command;
  }
  EXPECT_EQ(run_client({"--version"}).code, 0);
  EXPECT_NE(run_client({"rum"}).err.find("did you mean `run`?"), std::string::npos);
}

}  // namespace
}  // namespace macula::dht::quic
