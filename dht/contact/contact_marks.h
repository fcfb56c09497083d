// Which contacts of a book somebody still has in hand: all others may be given back.
//
//   ContactMarks marks(book);
//   node.keep_contacts(marks); host.keep_contacts(marks);  // whoever keeps handles
//   book.keep_only(marks);
#pragma once

#include <cstddef>
#include <vector>

#include "dht/contact/contact_book.h"
#include "dht/contact/contact_list.h"

namespace macula::dht {

class ContactMarks {
 public:
  explicit ContactMarks(const ContactBook& book) : kept_(book.handles()) {}

  // kNoContact is no one.
  void keep(ContactRef contact) {
    const auto index = static_cast<std::size_t>(contact);
    if (index < kept_.size()) kept_[index] = true;
  }
  template <typename List>
  void keep_all(const List& contacts) {
    for (const ContactRef contact : contacts) keep(contact);
  }
  [[nodiscard]] bool kept(ContactRef contact) const {
    return kept_[static_cast<std::size_t>(contact)];
  }

 private:
  std::vector<bool> kept_;
};

}  // namespace macula::dht
