#include "sim/study/packed_file.h"

#define ZLIB_CONST  // its input is not changed
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cstddef>
#include <streambuf>

#include "base/check.h"

namespace macula::sim {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 16;
constexpr int kLevel = 3;        // of Zstandard: its default
constexpr int kWindowBits = 15;  // of zlib: its default
constexpr int kGzip = 16;        // with the header of gzip, which names no time
constexpr int kMemory = 8;       // of zlib: its default

}  // namespace

// Collects what is written, and hands it on in large parts.
class PackedFile::Packer : public std::streambuf {
 public:
  explicit Packer(std::ofstream& file) : file_(file) { begin(); }

  void finish() { pack(true); }

 protected:
  virtual void pack(const char* text, std::size_t size, bool last) = 0;

  void write(const char* bytes, std::size_t size) {
    file_.write(bytes, static_cast<std::streamsize>(size));
  }

  int_type overflow(int_type c) override {
    pack(false);
    if (c != traits_type::eof()) sputc(traits_type::to_char_type(c));
    return file_ ? traits_type::not_eof(c) : traits_type::eof();
  }

  std::array<char, kBuffer> out{};

 private:
  void begin() { setp(in_.data(), in_.data() + in_.size()); }
  void pack(bool last) {
    pack(pbase(), static_cast<std::size_t>(pptr() - pbase()), last);
    begin();
  }

  std::ofstream& file_;
  std::array<char, kBuffer> in_{};
};

class PackedFile::Gzip final : public Packer {
 public:
  explicit Gzip(std::ofstream& file) : Packer(file) {
    MACULA_CHECK(deflateInit2(&state_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWindowBits + kGzip,
                              kMemory, Z_DEFAULT_STRATEGY) == Z_OK);
  }
  ~Gzip() override { deflateEnd(&state_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

 private:
  void pack(const char* text, std::size_t size, bool last) override {
    state_.next_in = reinterpret_cast<const Bytef*>(text);
    state_.avail_in = static_cast<uInt>(size);
    do {
      state_.next_out = reinterpret_cast<Bytef*>(out.data());
      state_.avail_out = static_cast<uInt>(out.size());
      MACULA_CHECK(deflate(&state_, last ? Z_FINISH : Z_NO_FLUSH) != Z_STREAM_ERROR);
      write(out.data(), out.size() - state_.avail_out);
    } while (state_.avail_out == 0);
  }

  z_stream state_{};
};

class PackedFile::Zstandard final : public Packer {
 public:
  explicit Zstandard(std::ofstream& file) : Packer(file) {
    MACULA_CHECK(state_ != nullptr);
    ZSTD_CCtx_setParameter(state_, ZSTD_c_compressionLevel, kLevel);
  }
  ~Zstandard() override { ZSTD_freeCCtx(state_); }
  Zstandard(const Zstandard&) = delete;
  Zstandard& operator=(const Zstandard&) = delete;

 private:
  void pack(const char* text, std::size_t size, bool last) override {
    ZSTD_inBuffer in{text, size, 0};
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

  ZSTD_CCtx* state_ = ZSTD_createCCtx();
};

PackedFile::PackedFile(const std::string& path) : buffer_(kBuffer), stream_(&file_) {
  file_.rdbuf()->pubsetbuf(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  file_.open(path, std::ios::binary);
  if (path.ends_with(".gz")) packer_ = std::make_unique<Gzip>(file_);
  if (path.ends_with(".zst")) packer_ = std::make_unique<Zstandard>(file_);
  if (packer_ == nullptr) return;
  packed_ = std::make_unique<std::ostream>(packer_.get());
  stream_ = packed_.get();
}

PackedFile::~PackedFile() = default;

bool PackedFile::close() {
  if (packer_ != nullptr) packer_->finish();
  file_.close();
  return !file_.fail();
}

}  // namespace macula::sim
