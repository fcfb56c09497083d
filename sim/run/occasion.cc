#include "sim/run/occasion.h"

#include "sim/scenario/placeholder.h"

namespace macula::sim {
namespace {

std::string subject_of(const Occasion& at, std::string_view who) {
  std::string subject = with_number(at.what, at.repetition) + '/';
  return subject.append(who).append(1, '/').append(std::to_string(at.due.count()));
}

}  // namespace

std::string value_of(const Payload& payload, const Occasion& at, bool is_signed) {
  if (payload.bytes == 0) return with_number(payload.text, at.repetition);
  return made_up(payload.bytes, subject_of(at, is_signed ? at.who : std::string_view()));
}

std::string arguments_of(const Payload& payload, const Occasion& at) {
  if (payload.bytes == 0) return with_number(payload.text, at.repetition);
  return made_up_json(payload.bytes, subject_of(at, at.who));
}

}  // namespace macula::sim
