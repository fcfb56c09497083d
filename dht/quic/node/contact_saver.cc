#include "dht/quic/node/contact_saver.h"

#include "dht/quic/node/log.h"

namespace macula::dht::quic {

ContactSaver::ContactSaver(Loop& loop, const LiveNode& live, DataFolder* data)
    : loop_(loop), live_(live), data_(data) {
  if (data_ != nullptr) schedule(kFirst);
}

ContactSaver::~ContactSaver() {
  if (next_) loop_.cancel(*next_);
}

void ContactSaver::schedule(Duration after) {
  next_ = loop_.at(loop_.now() + after, [this] {
    save();
    schedule(kInterval);
  });
}

void ContactSaver::save() {
  if (data_ == nullptr) return;
  std::vector<Contact> contacts;
  const RoutingTable& table = live_.node().table();
  table.closest(live_.self().id, DataFolder::kContactsMax,
                [&](ContactRef ref) { contacts.push_back(live_.book().contact(ref)); });
  // Besides, those that are on the other side of a partition, perhaps.
  for (const ContactRef ref : live_.node().table().dead().contacts()) {
    if (contacts.size() == DataFolder::kContactsMax) break;
    contacts.push_back(live_.book().contact(ref));
  }
  if (contacts.empty()) return;
  if (auto saved = data_->save_contacts(contacts); !saved) log(saved.error());
}

}  // namespace macula::dht::quic
