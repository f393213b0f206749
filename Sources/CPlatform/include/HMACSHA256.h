#pragma once
#include <stddef.h>
#include <stdint.h>

/// A key of HMAC-SHA-256 (RFC 2104, FIPS 180-4), prepared: the states after its inner and its outer pad.
struct platform_hmac_key {
    uint32_t inner[8];
    uint32_t outer[8];
};

/// Prepares a key of any length.
void platform_hmac_prepare(struct platform_hmac_key *_Nonnull key, const void *_Nullable bytes, size_t count);

/// The 32 bytes of the code of a message.
void platform_hmac(const struct platform_hmac_key *_Nonnull key, const void *_Nullable bytes, size_t count,
                   uint8_t *_Nonnull code);

/// The 32 bytes of SHA-256.
void platform_sha256(const void *_Nullable bytes, size_t count, uint8_t *_Nonnull digest);
