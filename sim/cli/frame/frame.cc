#include "sim/cli/frame/frame.h"

#include <iostream>
#include <optional>
#include <string_view>
#include <tl/expected.hpp>

#include "base/hex.h"
#include "dht/json/wire_json.h"
#include "dht/wire/frame.h"
#include "dht/wire/msgpack.h"
#include "sim/cli/exit_code.h"
#include "sim/scenario/program_name.h"

namespace macula::sim {
namespace {

using namespace dht::wire;

constexpr std::size_t kMaxLine = std::size_t{4} << 20;

// One argument or line. `where` names it in messages; text that is too long is not kept.
struct Chunk {
  std::string where;
  std::string text;
  bool too_long = false;
};

// Arguments where there are any, else lines.
class Chunks {
 public:
  Chunks(const std::vector<std::string>& arguments, std::istream& in)
      : arguments_(arguments), in_(in) {}

  std::optional<Chunk> next() {
    ++number_;
    if (arguments_.empty()) return next_line();
    if (number_ > arguments_.size()) return std::nullopt;
    const std::string& text = arguments_[number_ - 1];
    if (text.size() > kMaxLine) return Chunk{"argument " + std::to_string(number_), {}, true};
    return Chunk{"argument " + std::to_string(number_), text, false};
  }

 private:
  std::optional<Chunk> next_line() {
    Chunk line{"line " + std::to_string(number_), {}, false};
    std::streambuf& bytes = *in_.rdbuf();
    using Traits = std::streambuf::traits_type;
    int c = bytes.sbumpc();
    if (c == Traits::eof()) return std::nullopt;
    for (; c != Traits::eof() && c != '\n'; c = bytes.sbumpc()) {
      if (line.text.size() < kMaxLine) {
        line.text.push_back(Traits::to_char_type(c));
      } else {
        line.too_long = true;
      }
    }
    if (!line.text.empty() && line.text.back() == '\r') line.text.pop_back();
    return line;
  }

  const std::vector<std::string>& arguments_;
  std::istream& in_;
  std::size_t number_ = 0;
};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

void print_error(std::ostream& out, std::string_view name) {
  out << R"({"error":")" << name << "\"}\n";
}

void print_error(std::ostream& out, const FrameError& error) {
  const bool has_value =
      error.fault == FrameFault::unknown_type || error.fault == FrameFault::unsupported_version;
  if (!has_value) return print_error(out, frame_fault_name(error.fault));
  out << R"({"error":")" << frame_fault_name(error.fault) << R"(","value":)"
      << unsigned{error.value} << "}\n";
}

// Prints every frame of the chunk; false if one was refused. Behind a frame of which the end is not
// known there is nothing more to say.
bool decode_chunk(std::string_view bytes, std::ostream& out) {
  bool good = true;
  do {
    const auto decoded = decode_frame(bytes);
    std::size_t size = 0;
    if (decoded) {
      out << R"({"type":")" << type_name(decoded->frame.type) << R"(","payload":)"
          << to_json(decoded->frame.payload) << "}\n";
      size = decoded->size;
    } else {
      good = false;
      print_error(out, decoded.error());
      size = decoded.error().size;
      if (size == 0) return good;
    }
    bytes.remove_prefix(size);
  } while (bytes.size() >= kFrameHeader);
  return good;
}

bool decode_all(Chunks chunks, std::ostream& out) {
  bool good = true;
  while (const auto chunk = chunks.next()) {
    const auto bytes = from_hex(trimmed(chunk->text));
    if (chunk->too_long || !bytes) {
      print_error(out, chunk->too_long ? "line_too_long" : "invalid_hex");
      good = false;
    } else if (!decode_chunk(*bytes, out)) {
      good = false;
    }
  }
  return good;
}

tl::expected<std::string, std::string> encode_one(std::string_view text) {
  const auto described = value_from_json(text, kMaxDepth + 1);
  if (!described) return tl::make_unexpected(described.error());
  const Map* object = described->as_map();
  const dht::wire::Value* type_text = described->find("type");
  const dht::wire::Value* payload = described->find("payload");
  if (object == nullptr || object->size() != 2 || type_text == nullptr || payload == nullptr) {
    return tl::make_unexpected(R"(not an object with "type" and "payload", and nothing else)");
  }
  const Bytes* name = type_text->as_bytes();
  if (name == nullptr) return tl::make_unexpected(R"("type" must be the name of a message)");
  const auto type = type_from_name(*name);
  if (!type) return tl::make_unexpected("unknown type \"" + excerpt(*name) + '"');

  std::string frame = encode_frame(*type, *payload);
  // A written frame must be readable: the payload may be too large, or have too many values.
  if (const auto read = decode_frame(frame); !read) {
    return tl::make_unexpected("the frame could not be read back: " +
                               std::string(frame_fault_name(read.error().fault)));
  }
  return frame;
}

bool encode_all(Chunks chunks, std::ostream& out, std::ostream& err) {
  bool good = true;
  while (const auto chunk = chunks.next()) {
    if (!chunk->too_long && trimmed(chunk->text).empty()) continue;
    const auto frame = chunk->too_long ? tl::make_unexpected(std::string("longer than 4 MiB"))
                                       : encode_one(chunk->text);
    if (frame) {
      out << to_hex(*frame) << '\n';
    } else {
      err << program_name() << " frame encode: " << chunk->where << ": " << frame.error() << '\n';
      good = false;
    }
  }
  return good;
}

CommandManual frame_manual() {
  CommandManual manual;
  manual.name = "frame";
  manual.operands = "decode|encode [FRAME]...";
  manual.summary = "decode and encode wire frames";
  manual.about =
      "Prints wire frames in hex as JSON (decode [HEX]...), and back (encode [JSON]...).\n"
      "Without frames, each line of the standard input is one.\n"
      "Ends with 2 if any input was refused, else with 0.\n";
  manual.options.add_options()("help", "print this text");
  manual.words = {"decode", "encode"};
  return manual;
}

int of_standard_streams(const Kit& /*kit*/, const std::vector<std::string>& arguments) {
  return run_frame(arguments, std::cin, std::cout, std::cerr);
}

}  // namespace

Command frame_command() {
  return {frame_manual(), of_standard_streams};
}

int run_frame(const std::vector<std::string>& arguments, std::istream& in, std::ostream& out,
              std::ostream& err) {
  const std::string usage = help_text(program_name(), frame_manual());
  const std::string command = arguments.empty() ? "" : arguments.front();
  if (command == "--help" || command == "-h") {
    out << usage;
    return kPassed;
  }
  if (command != "decode" && command != "encode") {
    err << program_name()
        << " frame: " << (command.empty() ? "decode or encode?" : "unknown command ")
        << excerpt(command) << '\n'
        << usage;
    return kBadInput;
  }
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (rest.size() == 1 && (rest[0] == "--help" || rest[0] == "-h")) {
    out << usage;
    return kPassed;
  }
  const bool good =
      command == "decode" ? decode_all({rest, in}, out) : encode_all({rest, in}, out, err);
  out.flush();
  return good && out ? kPassed : kBadInput;
}

}  // namespace macula::sim
