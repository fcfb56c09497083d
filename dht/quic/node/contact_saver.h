// Writes down whom a node knows, now and then and when it ends, so that its next life can join
// through them.
#pragma once

#include "dht/quic/node/data_folder.h"
#include "dht/quic/node/live_node.h"

namespace macula::dht::quic {

class ContactSaver {
 public:
  static constexpr Duration kInterval = std::chrono::seconds(60);
  static constexpr Duration kFirst = std::chrono::seconds(5);  // a young node may not grow old

  // All must outlive it. Without a folder it does nothing.
  ContactSaver(Loop& loop, const LiveNode& live, DataFolder* data);
  ~ContactSaver();
  ContactSaver(const ContactSaver&) = delete;
  ContactSaver& operator=(const ContactSaver&) = delete;

  // Keeps what was there where nobody is known now. A failure is logged.
  void save();

 private:
  void schedule(Duration after);

  Loop& loop_;
  const LiveNode& live_;
  DataFolder* data_;
  std::optional<Loop::DeadlineId> next_;
};

}  // namespace macula::dht::quic
