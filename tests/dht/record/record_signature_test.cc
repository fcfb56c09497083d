#include "dht/record/record_signature.h"

#include <gtest/gtest.h>

#include "tests/dht/records.h"

namespace macula::dht {
namespace {

TEST(RecordSignature, IsGoodForTheRecordThatWasSigned) {
  Verifier verifier;
  EXPECT_TRUE(verifier.valid(kKey, signed_record(kKey, "text", 7)));
  EXPECT_TRUE(verifier.valid(kKey, signed_record(kKey, "text", 7, 1, true)));
  EXPECT_FALSE(verifier.valid(kKey, unsigned_record("text")));
}

TEST(RecordSignature, IsBadOnceAnythingIsAltered) {
  Verifier verifier;
  const wire::Record good = signed_record(kKey, "text", 7);
  ASSERT_TRUE(verifier.valid(kKey, good));
  EXPECT_FALSE(verifier.valid(hash_id("another"), good));

  wire::Record value = good;
  value.value = text_value("Text");
  wire::Record lifetime = good;
  ++lifetime.lifetime_ms;
  wire::Record withdrawn = good;
  withdrawn.withdrawn = true;
  for (const wire::Record& altered : {value, lifetime, withdrawn}) {
    EXPECT_FALSE(verifier.valid(kKey, altered));
  }
  const auto with = [&](auto change) {
    wire::Record altered = good;
    wire::Proof proof = *good.proof;
    change(proof);
    altered.proof = std::make_shared<const wire::Proof>(proof);
    return altered;
  };
  EXPECT_FALSE(verifier.valid(kKey, with([](wire::Proof& proof) { ++proof.sequence; })));
  EXPECT_FALSE(verifier.valid(kKey, with([](wire::Proof& proof) { proof.signature[63] ^= 1; })));
  EXPECT_FALSE(verifier.valid(
      kKey, with([](wire::Proof& proof) { proof.owner = owner_key(1).public_key(); })));
}

// The time that a record has left is not signed: each node that passes it on takes off how long it
// was held.
TEST(RecordSignature, SaysNothingOfTheTimeLeft) {
  Verifier verifier;
  wire::Record record = signed_record(kKey, "text", 7);
  record.ttl_ms = 1;
  EXPECT_TRUE(verifier.valid(kKey, record));
}

TEST(Verifier, ChecksAGoodSignatureOnceAndABadOneEachTime) {
  Verifier verifier;
  const wire::Record good = signed_record(kKey, "text", 7);
  wire::Record bad = good;
  bad.value = text_value("forged");
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(verifier.valid(kKey, good));
    EXPECT_FALSE(verifier.valid(kKey, bad));
  }
  EXPECT_EQ(verifier.checks(), 6U);
}

}  // namespace
}  // namespace macula::dht
