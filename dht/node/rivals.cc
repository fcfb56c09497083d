#include "dht/node/rivals.h"

#include <algorithm>
#include <utility>

#include "dht/wire/extent.h"

namespace macula::dht {
namespace {

std::size_t bytes_of(const Rivals::Rival& rival) {
  const wire::SharedValue& value = rival.record.value;
  return sizeof(rival) + (value ? sizeof(*value) + wire::extent_of(*value).memory : 0);
}

}  // namespace

bool Rivals::ask(ContactRef whom, Rival rival) {
  State& state = state_.make();
  const std::size_t bytes = bytes_of(rival);
  if (bytes > kMostBytes - state.bytes) return false;
  if (!state.shares.take(context_->book.id(rival.from), 1)) return false;
  state.bytes += bytes;
  const Key key = rival.key;
  const std::size_t slot = state.asked.add(std::move(rival));
  context_->request(whom, wire::FindValue{key}, context_->protocol.query_timeout,
                    make_token(Concern::rival, slot, whom));
  return true;
}

Rivals::Rival Rivals::take(Token token) {
  State& state = *state_.get();
  Rival rival = state.asked.take(token_slot(token));
  state.bytes -= bytes_of(rival);
  state.shares.give_back(context_->book.id(rival.from), 1);
  return rival;
}

std::size_t Rivals::size() const {
  return state_.get() != nullptr ? state_.get()->asked.size() : 0;
}

void Rivals::came(const Key& key, ContactRef writer) {
  auto& writers = state_.make().writers;
  const std::pair name{key, writer};
  const auto known = std::find(writers.begin(), writers.end(), name);
  if (known != writers.end()) {
    writers.erase(known);
  } else if (writers.size() == kWriters) {
    writers.erase(writers.begin());
  }
  writers.push_back(name);
}

ContactRef Rivals::writer_of(const Key& key, std::uint64_t writer) const {
  if (state_.get() == nullptr) return kNoContact;
  const auto& writers = state_.get()->writers;
  const auto known = std::find_if(writers.rbegin(), writers.rend(), [&](const auto& each) {
    return each.first == key && context_->book.id(each.second).words[0] == writer;
  });
  return known != writers.rend() ? known->second : kNoContact;
}

}  // namespace macula::dht
