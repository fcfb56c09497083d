// The subject of a thread, so that a failed check can name it; and a way for a failed check to cost
// one run and not the program.
//
//   const auto failure = contain_checks([&] {
//     const CheckContext context([&] { return "in heal.toml, seed 3, at t = 1.5s"; });
//     run();
//   });
//   if (failure) report(failure->text);
//
// A check that fails inside `contain_checks` is thrown, so that what it left broken is discarded.
// Where nothing can be thrown (a destructor, a function that is noexcept) the program ends after it
// has said all this, unless the thread has a CheckRefuge.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace macula {

// Thrown by a failed check. No std::exception, so that only `contain_checks` catches it.
struct CheckFailure {
  std::string text;  // lines: "check failed: size <= k (dht/table.cc:12)", and of each context
};

// While it exists, what `describe` returns is part of what a failed check of this thread says. It
// must look at what cannot be broken.
class CheckContext {
 public:
  explicit CheckContext(std::function<std::string()> describe);
  ~CheckContext();
  CheckContext(const CheckContext&) = delete;
  CheckContext& operator=(const CheckContext&) = delete;

 private:
  friend std::string describe_contexts();

  std::function<std::string()> describe_;
  CheckContext* outer_;
  CheckContext* inner_ = nullptr;
};

// Does the work. A check that fails on this thread ends the work, not the program, and is returned.
[[nodiscard]] std::optional<CheckFailure> contain_checks(const std::function<void()>& work);

// While it exists, `take_over` is called in place of the program's end when a check fails on this
// thread where nothing can be thrown. It must not return: nothing on the thread's stack may be used
// or destroyed any more.
class CheckRefuge {
 public:
  explicit CheckRefuge(std::function<void(const CheckFailure&)> take_over);
  ~CheckRefuge();
  CheckRefuge(const CheckRefuge&) = delete;
  CheckRefuge& operator=(const CheckRefuge&) = delete;

 private:
  std::function<void(const CheckFailure&)> take_over_;
};

}  // namespace macula
