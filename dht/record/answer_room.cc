#include "dht/record/answer_room.h"

#include <algorithm>

#include "dht/wire/frame.h"
#include "dht/wire/msgpack.h"

namespace macula::dht {
namespace {

// For contacts, and for what carries the answer through a gateway.
constexpr std::size_t kBeside = std::size_t{64} << 10;
constexpr std::size_t kValuesBeside = std::size_t{1} << 12;
// The bytes told beside a value: times, owner, signature.
constexpr std::size_t kTold = 256;
constexpr std::size_t kToldValues = 24;

struct Room {
  std::size_t bytes = wire::kMaxPayload - kBeside;
  std::size_t values = wire::kMaxValues - kValuesBeside;

  bool take(const RecordEntry& entry) {
    const std::size_t more_bytes = entry.packed + kTold;
    const std::size_t more_values = entry.values + kToldValues;
    if (more_bytes > bytes || more_values > values) return false;
    bytes -= more_bytes;
    values -= more_values;
    return true;
  }
};

}  // namespace

std::vector<const RecordEntry*> that_fit(const std::vector<RecordEntry>& entries, Time now) {
  std::vector<const RecordEntry*> live;
  Room room;
  bool all = true;
  for (const RecordEntry& entry : entries) {
    if (entry.over(now)) continue;
    live.push_back(&entry);
    all = all && room.take(entry);
  }
  if (all || live.size() == 1) return live;
  std::stable_sort(live.begin(), live.end(), [](const RecordEntry* a, const RecordEntry* b) {
    return a->standing > b->standing;
  });
  room = {};
  std::vector<const RecordEntry*> fit;
  for (const RecordEntry* entry : live) {
    if (room.take(*entry)) fit.push_back(entry);
  }
  return fit;
}

}  // namespace macula::dht
