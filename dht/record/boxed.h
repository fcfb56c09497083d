// Something that most owners never have: a pointer's width until it is made, and copied with its
// owner.
#pragma once

#include <memory>
#include <utility>

namespace macula::dht {

template <typename T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(const Boxed& other) : made_(other.made_ ? std::make_unique<T>(*other.made_) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(const Boxed& other) {
    made_ = other.made_ ? std::make_unique<T>(*other.made_) : nullptr;
    return *this;
  }
  Boxed& operator=(Boxed&&) noexcept = default;
  ~Boxed() = default;

  // A value that is there already stays.
  template <typename... Arguments>
  T& make(Arguments&&... arguments) {
    if (!made_) made_ = std::make_unique<T>(std::forward<Arguments>(arguments)...);
    return *made_;
  }
  void reset() { made_.reset(); }
  // nullptr: not made.
  [[nodiscard]] T* get() const { return made_.get(); }

 private:
  std::unique_ptr<T> made_;
};

}  // namespace macula::dht
