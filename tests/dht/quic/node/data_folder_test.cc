#include "dht/quic/node/data_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "dht/quic/node/file_store.h"
#include "tests/temp_folder.h"

namespace macula::dht::quic {
namespace {

unsigned mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777;
}

const std::string kId(64, 'a');

class DataFolderTest : public testing::Test {
 protected:
  DataFolder open() {
    auto folder = DataFolder::open(path);
    if (!folder) throw std::runtime_error(folder.error());
    return std::move(*folder);
  }
  std::string refusal() {
    const auto folder = DataFolder::open(path);
    return folder ? "" : folder.error();
  }
  // In place of what stands there, with its permissions.
  void corrupt(const std::string& name, const std::string& text) {
    ASSERT_TRUE(write_private_file(path + "/" + name, text));
  }

  TempFolder temp;
  std::string path = temp.path("data");
};

TEST_F(DataFolderTest, AnIdentityIsMadeOnceAndKept) {
  const Identity first = open().identity();
  EXPECT_EQ(first.seed.size(), kSecretBytes);
  EXPECT_EQ(first.static_secret.size(), kSecretBytes);
  EXPECT_NE(first.seed, first.static_secret);
  EXPECT_EQ(open().identity().seed, first.seed);
  EXPECT_EQ(open().identity().static_secret, first.static_secret);
  EXPECT_NE(make_identity().seed, first.seed);
}

TEST_F(DataFolderTest, NobodyElseCanReadIt) {
  auto folder = open();
  ASSERT_TRUE(folder.save_contacts({}));
  EXPECT_EQ(mode_of(path), 0700U);
  EXPECT_EQ(mode_of(path + "/identity"), 0600U);
  EXPECT_EQ(mode_of(path + "/contacts"), 0600U);
}

TEST_F(DataFolderTest, AKeyOpenToOthersIsRefused) {
  open();
  for (const mode_t mode : {0640U, 0604U, 0660U, 0602U}) {
    ASSERT_EQ(::chmod((path + "/identity").c_str(), mode), 0);
    EXPECT_NE(refusal().find("chmod 600"), std::string::npos) << refusal();
  }
  ASSERT_EQ(::chmod((path + "/identity").c_str(), 0400), 0);
  EXPECT_EQ(refusal(), "");
  ASSERT_EQ(::chmod(path.c_str(), 0755), 0);
  EXPECT_NE(refusal().find("chmod 700"), std::string::npos) << refusal();
}

TEST_F(DataFolderTest, ContactsComeBack) {
  const Contact near{*id_from_hex(kId), make_ipv4(0x7f000001, 9443), std::nullopt};
  const Contact behind{*id_from_hex(std::string(64, 'b')), *parse_endpoint("[2001:db8::1]:1"),
                       *id_from_hex(kId)};
  ASSERT_TRUE(open().save_contacts({near, behind}));
  EXPECT_EQ(open().contacts(), (std::vector<Contact>{near, behind}));
}

TEST_F(DataFolderTest, ContactsBeyondTheLimitAreLeftOut) {
  const Contact one{*id_from_hex(kId), make_ipv4(0x7f000001, 9443), std::nullopt};
  ASSERT_TRUE(open().save_contacts(std::vector<Contact>(DataFolder::kContactsMax + 1, one)));
  EXPECT_EQ(open().contacts().size(), DataFolder::kContactsMax);
}

TEST_F(DataFolderTest, AFolderHasOneUserAtATime) {
  {
    const auto first = open();
    EXPECT_NE(refusal().find("held by another"), std::string::npos) << refusal();
    std::filesystem::create_symlink(path, temp.path("other name"));
    const auto other = DataFolder::open(temp.path("other name"));
    EXPECT_FALSE(other);
  }
  EXPECT_EQ(refusal(), "");  // and is free afterwards
}

// A file that is not what was written names its line; the identity is never silently replaced.
TEST_F(DataFolderTest, ADamagedIdentityIsRefusedAndLeftAlone) {
  open();
  const std::string good = read_text(path + "/identity");
  const std::string header = good.substr(0, good.find('\n') + 1);
  const std::string seed = "seed " + kId + "\n";
  const std::string secret = "static_secret " + kId + "\n";
  const std::pair<std::string, std::string> cases[] = {
      {"", "three lines"},
      {"x" + good, "three lines"},
      {good.substr(0, good.size() - 1), "three lines"},
      {good + good, "three lines"},
      {header + secret + seed, ":2:"},
      {header + "seed " + kId.substr(2) + "\n" + secret, ":2:"},
      {header + seed + "static_secret " + std::string(64, 'g') + "\n", ":3:"},
      {std::string(5000, 'x'), "longer than"},
  };
  for (const auto& [text, wanted] : cases) {
    corrupt("identity", text);
    EXPECT_NE(refusal().find(wanted), std::string::npos) << text << ": " << refusal();
    EXPECT_EQ(read_text(path + "/identity"), text);
  }
  corrupt("identity", good);
  EXPECT_EQ(refusal(), "");
}

// It is only a cache: the node starts without, says why, and what was there can be looked at.
TEST_F(DataFolderTest, DamagedContactsAreSetAsideWithAWarning) {
  const std::string good = "macula-node contacts 1\n" + kId + " 1.2.3.4:5\n";
  const std::pair<std::string, std::string> cases[] = {
      {"", "does not begin"},
      {"x", "does not begin"},
      {good.substr(0, good.size() - 1), "ends early"},
      {good + "x\n", "contacts:3:"},
      {good + kId + " host:1\n", "contacts:3:"},
      {good + kId + " 1.2.3.4:5 x\n", "contacts:3:"},
      {good + kId + " 1.2.3.4:5 " + kId + " y\n", "contacts:3:"},
      {std::string(2 << 20, 'x'), "longer than"},
  };
  open();
  for (const auto& [text, wanted] : cases) {
    corrupt("contacts", text);
    const DataFolder folder = open();
    EXPECT_TRUE(folder.contacts().empty());
    ASSERT_EQ(folder.warnings().size(), 1U) << wanted;
    EXPECT_NE(folder.warnings()[0].find(wanted), std::string::npos) << folder.warnings()[0];
    EXPECT_EQ(read_text(path + "/contacts.damaged"), text);
    EXPECT_FALSE(std::filesystem::exists(path + "/contacts"));
  }
  EXPECT_TRUE(open().warnings().empty());
}

TEST_F(DataFolderTest, WhateverStandsInThePlaceOfContactsIsSetAside) {
  open();
  for (const auto& make : {+[](const std::string& at) { std::filesystem::create_directory(at); },
                           +[](const std::string& at) { ::mkfifo(at.c_str(), 0600); },
                           +[](const std::string& at) { write_text(at, "x"); }}) {
    make(path + "/contacts");
    EXPECT_EQ(::chmod((path + "/contacts").c_str(), 0777), 0);
    DataFolder folder = open();
    EXPECT_EQ(folder.warnings().size(), 1U);
    EXPECT_TRUE(folder.save_contacts({}));
    std::filesystem::remove(path + "/contacts");
  }
}

TEST(FileStore, ALeftOverDraftIsNoObstacleAndTheOldFileStaysUntilTheNewIsWhole) {
  const TempFolder temp;
  const std::string file = temp.path("f");
  ASSERT_TRUE(write_private_file(file, "old"));
  write_text(file + ".new", "half of the n");
  ASSERT_EQ(::chmod((file + ".new").c_str(), 0666), 0);
  EXPECT_EQ(*read_private_file(file, 100), "old");
  ASSERT_TRUE(write_private_file(file, "new"));
  EXPECT_EQ(*read_private_file(file, 100), "new");
  EXPECT_EQ(mode_of(file), 0600U);
  EXPECT_FALSE(std::filesystem::exists(file + ".new"));
}

TEST(FileStore, WhatCannotBeWrittenLeavesTheOldFile) {
  const TempFolder temp;
  const std::string file = temp.path("f");
  ASSERT_TRUE(write_private_file(file, "old"));
  std::filesystem::create_directory(file + ".new");  // unlink fails, and so does the draft
  EXPECT_FALSE(write_private_file(file, "new"));
  EXPECT_EQ(read_text(file), "old");
}

TEST(FileStore, PipesFoldersAndMissingFiles) {
  const TempFolder temp;
  const auto none = read_private_file(temp.path("none"), 10);
  EXPECT_TRUE(none && !*none);
  ASSERT_EQ(::mkfifo(temp.path("pipe").c_str(), 0600), 0);
  EXPECT_FALSE(read_private_file(temp.path("pipe"), 10));  // and does not wait
  EXPECT_FALSE(read_private_file(temp.path(), 10));
  write_text(temp.path("file"), "x");
  EXPECT_FALSE(make_private_folder(temp.path("file")));
  EXPECT_FALSE(make_private_folder(temp.path("a/b")));
}

}  // namespace
}  // namespace macula::dht::quic
