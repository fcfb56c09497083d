#include "dht/wire/codec.h"

#include "dht/wire/frame.h"
#include "dht/wire/message_writer.h"

namespace macula::dht::wire {

std::string encode(const Message& message, const ContactBook& book) {
  std::string frame;
  encode(message, book, frame);
  return frame;
}

void encode(const Message& message, const ContactBook& book, std::string& frame) {
  MessageWriter<TextBuffer> writer(book, TextBuffer(std::move(frame), kFrameHeader));
  writer.write(message);
  frame = writer.sink().take();
  write_frame_header(frame, type_of(message));
}

std::size_t encoded_size(const Message& message, const ContactBook& book) {
  MessageWriter<Count> writer(book);
  writer.write(message);
  return kFrameHeader + writer.sink().size;
}

}  // namespace macula::dht::wire
