#include "base/check_context.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

#include "base/check.h"

namespace macula {
namespace {

// The checks of this thread.
struct Checks {
  CheckContext* innermost = nullptr;
  int contained = 0;
  bool failing = false;                // and it is said where
  std::optional<CheckFailure> failed;  // the last
  const std::function<void(const CheckFailure&)>* refuge = nullptr;
};

Checks& checks() {
  thread_local Checks of_thread;
  return of_thread;
}

// A check that fails where it cannot be thrown, and one that was thrown out of a function that
// lets nothing out, end here.
[[noreturn]] void end_of_program() {
  const Checks& here = checks();
  if (here.refuge != nullptr && here.failed) (*here.refuge)(*here.failed);
  std::abort();
}

std::terminate_handler outer_handler() {
  static const std::terminate_handler handler = std::set_terminate([] {
    if (checks().failed) end_of_program();
    outer_handler()();
    std::abort();
  });
  return handler;
}

}  // namespace

// A check that fails while it is said where another one did ends the saying of that context.
std::string describe_contexts() {
  Checks& here = checks();
  std::string text;
  for (CheckContext* context = here.innermost; context != nullptr; context = context->outer_) {
    try {
      text += "\n";
      text += context->describe_();
    } catch (const CheckFailure&) {
      text += "(unknown)";
    }
  }
  return text;
}

void check_failed(const char* condition, const char* file, int line) {
  Checks& here = checks();
  std::string text =
      std::string("check failed: ") + condition + " (" + file + ":" + std::to_string(line) + ")";
  std::fprintf(stderr, "%s\n", text.c_str());
  if (here.failing) throw CheckFailure{std::move(text)};
  here.failing = true;
  const std::string where = describe_contexts();
  here.failing = false;
  if (!where.empty()) std::fprintf(stderr, "%s\n", where.c_str() + 1);
  here.failed = CheckFailure{text + where};
  if (here.contained > 0 && std::uncaught_exceptions() == 0) throw CheckFailure(*here.failed);
  end_of_program();
}

CheckContext::CheckContext(std::function<std::string()> describe)
    : describe_(std::move(describe)), outer_(checks().innermost) {
  if (outer_ != nullptr) outer_->inner_ = this;
  checks().innermost = this;
}

// Contexts may end in any order.
CheckContext::~CheckContext() {
  if (outer_ != nullptr) outer_->inner_ = inner_;
  (inner_ != nullptr ? inner_->outer_ : checks().innermost) = outer_;
}

std::optional<CheckFailure> contain_checks(const std::function<void()>& work) {
  Checks& here = checks();
  ++here.contained;
  std::optional<CheckFailure> failure;
  try {
    work();
  } catch (CheckFailure& caught) {
    failure = std::move(caught);
    here.failed.reset();
  } catch (...) {
    --here.contained;
    throw;
  }
  --here.contained;
  return failure;
}

CheckRefuge::CheckRefuge(std::function<void(const CheckFailure&)> take_over)
    : take_over_(std::move(take_over)) {
  static_cast<void>(outer_handler());
  checks().refuge = &take_over_;
}

CheckRefuge::~CheckRefuge() {
  checks().refuge = nullptr;
}

}  // namespace macula
