// The requests and one-way messages of this end, from the guest's call to their end.
//
// A message goes to its peer's connection (start), or waits there for one. Where the connection
// ends before it was delivered it is sent again on another; a request that was delivered is only
// waited for. Each ends once: with its answer, or when its timer is due, which tells the failure.
// Failures known before, such as `refused`, make the timer due at once: no guest is called from
// inside its own call.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "dht/contact/contact_marks.h"
#include "dht/quic/host/channel.h"
#include "dht/quic/host/core.h"

namespace macula::dht::quic::host {

class Peers;
class Unfinished;

class Outbox {
 public:
  explicit Outbox(Core& core) : core_(&core) {}
  void use(Peers& peers, Unfinished& unfinished) {
    peers_ = &peers;
    unfinished_ = &unfinished;
  }

  RequestId request(ContactRef to, wire::Message&& message, Duration timeout, Token token);
  void send(ContactRef to, wire::Message&& message);
  void cancel(RequestId request);

  // Whether the message may travel on this connection already. A one-way message waits until it is
  // up: only then it is known that nothing of it was delivered before.
  [[nodiscard]] static bool may_start(const Outbound& outbound, const Channel& channel);
  // Takes a waiting message to a stream of its own.
  void start(Outbound& outbound, Channel& channel);

  void on_data(Channel& channel, StreamId stream, std::string_view bytes, bool fin);
  void on_stream_closed(Channel& channel, StreamId stream);
  void on_due(Handle handle);
  // Its answer takes too much room: it fails.
  void break_off(Outbound& outbound);

  // The connection ends. Returns what is to be sent again. `once_more`: one-way messages too, for
  // what was not acknowledged was not handed over, or to a former life.
  [[nodiscard]] std::vector<Handle> leave(Channel& channel, bool once_more);
  void dispatch(Handle handle);

  // Requests end as `cancelled`; one-way messages have until `deadline`.
  void close(Time deadline);
  [[nodiscard]] std::size_t pending() const { return outbounds_.size(); }
  void keep_contacts(ContactMarks& marks, const std::function<void(Token)>& visit);

 private:
  Outbound& add(ContactRef to, wire::Message&& message, Duration patience);
  void judge(Outbound& outbound, Duration patience);
  void dispatch(Outbound& outbound);
  void wait(Outbound& outbound, Peer& peer);
  Peer& stop_waiting(Outbound& outbound);
  void put_on(Outbound& outbound, Channel& channel, std::string frame);
  void hand_over(Outbound& outbound, const wire::Frame& frame, Channel& channel);
  void fail_soon(Outbound& outbound, Failure failure);
  // It is beyond a limit.
  void refuse_full(Outbound& outbound);
  // Away from where it waits or is under way.
  void detach(Outbound& outbound);
  // Nothing more of it is sent, and its answer is not waited for.
  void give_up(Outbound& outbound);
  void end(Outbound& outbound);

  Core* core_;
  Peers* peers_ = nullptr;
  Unfinished* unfinished_ = nullptr;
  HandlePool<Outbound> outbounds_;
};

}  // namespace macula::dht::quic::host
