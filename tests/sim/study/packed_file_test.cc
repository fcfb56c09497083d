// Files that are compressed by their ending hold what was written.
#include "sim/study/packed_file.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <string>

#include "tests/temp_folder.h"

namespace macula::sim {
namespace {

std::string written(const std::string& path, const std::string& text) {
  PackedFile file(path);
  // In parts, as a trace is.
  for (std::size_t i = 0; i < text.size(); i += 777) {
    const std::string part = text.substr(i, 777);
    file.stream().write(part.data(), static_cast<std::streamsize>(part.size()));
  }
  EXPECT_TRUE(file.close());
  return read_text(path);
}

std::string lines_of_numbers(std::size_t bytes) {
  std::string text;
  for (unsigned i = 0; text.size() < bytes; ++i) {
    text += std::to_string(i * 2654435761U) + "\n";
  }
  text.resize(bytes);
  return text;
}

TEST(PackedFile, IsReadBackByTheLibraries) {
  const TempFolder folder;
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{65536},
                                  std::size_t{65537}, std::size_t{1'500'000}}) {
    const std::string text = lines_of_numbers(bytes);
    EXPECT_EQ(written(folder.path("t.jsonl"), text), text);

    const std::string zst = written(folder.path("t.jsonl.zst"), text);
    std::string out(bytes + 1, '\0');
    EXPECT_EQ(ZSTD_decompress(out.data(), out.size(), zst.data(), zst.size()), bytes);
    EXPECT_EQ(out.substr(0, bytes), text);

    const std::string gz = written(folder.path("t.jsonl.gz"), text);
    EXPECT_EQ(gz.substr(0, 2), "\x1f\x8b");
    gzFile in = gzopen(folder.path("t.jsonl.gz").c_str(), "rb");
    ASSERT_NE(in, nullptr);
    EXPECT_EQ(gzread(in, out.data(), static_cast<unsigned>(out.size())), static_cast<int>(bytes));
    EXPECT_EQ(gzclose(in), Z_OK);
    EXPECT_EQ(out.substr(0, bytes), text);

    if (bytes < 100'000) continue;
    EXPECT_LT(zst.size(), bytes * 3 / 4);
    EXPECT_LT(gz.size(), bytes * 3 / 4);
  }
}

TEST(PackedFile, TheSameTextGivesTheSameBytes) {
  const TempFolder folder;
  const std::string text = lines_of_numbers(200'000);
  for (const char* ending : {"gz", "zst"}) {
    const std::string first = written(folder.path(std::string("a.") + ending), text);
    EXPECT_EQ(first, written(folder.path(std::string("b.") + ending), text));
  }
}

TEST(PackedFile, WhatCannotBeWrittenIsSaid) {
  const TempFolder folder;
  for (const char* ending : {"", ".gz", ".zst"}) {
    const std::string path = folder.path(std::string("full") + ending);
    std::filesystem::create_symlink("/dev/full", path);
    PackedFile file(path);
    file.stream() << lines_of_numbers(300'000);
    EXPECT_FALSE(file.close()) << ending;
  }
}

}  // namespace
}  // namespace macula::sim
