// A stream whose text a thread of its own takes, block by block: to compress a trace takes longer
// than to run what it tells of.
//
//   WriteBehind behind([&](std::string_view text) { return print(text); });  // false: it failed
//   std::ostream(&behind) << text;
//   if (!behind.finish()) ...                        // not all of it was taken
//
// A few blocks may wait; then whoever writes waits, too. Data that fits one block is taken in
// finish(), by no thread. After a failure nothing more is taken, and the stream is bad.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <streambuf>
#include <string_view>
#include <thread>
#include <vector>

namespace macula::sim {

class WriteBehind final : public std::streambuf {
 public:
  static constexpr std::size_t kBlock = std::size_t{256} << 10;
  static constexpr std::size_t kBlocks = 4;
  using Take = std::function<bool(std::string_view text)>;

  explicit WriteBehind(Take take);
  ~WriteBehind() override;
  WriteBehind(const WriteBehind&) = delete;
  WriteBehind& operator=(const WriteBehind&) = delete;

  // Once, at its end: waits until all is taken. Whether it was.
  [[nodiscard]] bool finish();

 protected:
  int_type overflow(int_type c) override;

 private:
  void begin_block();
  // Hands over the block that is being filled; waits for another to fill. False after a failure.
  [[nodiscard]] bool hand_over();
  void take_all();  // what the thread does
  void join();

  Take take_;
  std::array<std::vector<char>, kBlocks> blocks_;  // used in turn
  std::thread thread_;
  std::mutex mutex_;  // of all that follows
  std::condition_variable changed_;
  std::array<std::size_t, kBlocks> sizes_{};
  std::size_t filled_ = 0;  // so many blocks were handed over
  std::size_t taken_ = 0;   // and so many of them taken
  bool ended_ = false;
  bool failed_ = false;
};

}  // namespace macula::sim
