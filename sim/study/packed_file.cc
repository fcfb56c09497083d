#include "sim/study/packed_file.h"

#define ZLIB_CONST  // its input is not changed
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cstddef>
#include <string_view>

#include "base/check.h"

namespace macula::sim {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 16;
constexpr int kLevel = 3;        // of Zstandard: its default
constexpr int kWindowBits = 15;  // of zlib: its default
constexpr int kGzip = 16;        // with the header of gzip, which names no time
constexpr int kMemory = 8;       // of zlib: its default

}  // namespace

// Packs what it is given, and writes that.
class PackedFile::Packer {
 public:
  explicit Packer(std::ofstream& file) : file_(file) {}
  virtual ~Packer() = default;
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;

  virtual void pack(std::string_view text, bool last) = 0;

 protected:
  void write(const char* bytes, std::size_t size) {
    file_.write(bytes, static_cast<std::streamsize>(size));
  }

  std::array<char, kBuffer> out{};

 private:
  std::ofstream& file_;
};

class PackedFile::Gzip final : public Packer {
 public:
  explicit Gzip(std::ofstream& file) : Packer(file) {
    MACULA_CHECK(deflateInit2(&state_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWindowBits + kGzip,
                              kMemory, Z_DEFAULT_STRATEGY) == Z_OK);
  }
  ~Gzip() override { deflateEnd(&state_); }

  void pack(std::string_view text, bool last) override {
    state_.next_in = reinterpret_cast<const Bytef*>(text.data());
    state_.avail_in = static_cast<uInt>(text.size());
    do {
      state_.next_out = reinterpret_cast<Bytef*>(out.data());
      state_.avail_out = static_cast<uInt>(out.size());
      MACULA_CHECK(deflate(&state_, last ? Z_FINISH : Z_NO_FLUSH) != Z_STREAM_ERROR);
      write(out.data(), out.size() - state_.avail_out);
    } while (state_.avail_out == 0);
  }

 private:
  z_stream state_{};
};

class PackedFile::Zstandard final : public Packer {
 public:
  explicit Zstandard(std::ofstream& file) : Packer(file) {
    MACULA_CHECK(state_ != nullptr);
    ZSTD_CCtx_setParameter(state_, ZSTD_c_compressionLevel, kLevel);
  }
  ~Zstandard() override { ZSTD_freeCCtx(state_); }

  void pack(std::string_view text, bool last) override {
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    bool done = false;
    while (!done) {
      ZSTD_outBuffer part{out.data(), out.size(), 0};
      const std::size_t left =
          ZSTD_compressStream2(state_, &part, &in, last ? ZSTD_e_end : ZSTD_e_continue);
      MACULA_CHECK(ZSTD_isError(left) == 0);
      write(out.data(), part.pos);
      done = last ? left == 0 : in.pos == in.size;
    }
  }

 private:
  ZSTD_CCtx* state_ = ZSTD_createCCtx();
};

PackedFile::PackedFile(const std::string& path) : buffer_(kBuffer) {
  file_.rdbuf()->pubsetbuf(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  file_.open(path, std::ios::binary);
  if (path.ends_with(".gz")) packer_ = std::make_unique<Gzip>(file_);
  if (path.ends_with(".zst")) packer_ = std::make_unique<Zstandard>(file_);
  if (packer_ == nullptr) return;
  behind_.emplace([this](std::string_view text) {
    packer_->pack(text, false);
    return !file_.fail();
  });
  packed_.emplace(&*behind_);
}

PackedFile::~PackedFile() = default;

bool PackedFile::close() {
  const bool packed = !behind_ || behind_->finish();
  if (packer_ != nullptr) packer_->pack({}, true);
  file_.close();
  return packed && !file_.fail();
}

}  // namespace macula::sim
